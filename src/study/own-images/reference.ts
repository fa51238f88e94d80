import { statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { type Dataset, sources } from '../../data/index.ts'
import type { FileHeader } from '../../data/sources/image-folder/headers.ts'

/** A reference in its parts: `id:ARGUMENT?query`. */
function partsOf(reference: string): { readonly id: string; readonly argument: string; readonly query: string } {
  const [place, query] = cut(reference, '?')
  const [id, argument] = cut(place, ':')
  return { id, argument, query }
}

function cut(text: string, separator: string): readonly [before: string, after: string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

/** Whether the images of a reference are scaled when they are opened, and the reference leaves open how large. */
export function leavesSizeOpen(reference: string): boolean {
  const { id, query } = partsOf(reference)
  const given = new URLSearchParams(query)
  const known = sources.find((source) => source.id === id)?.options ?? {}
  return 'side' in known && !given.has('side') && !given.has('crop')
}

/** The reference with an image size, in pixels: the shorter side that images are scaled to, and the window that networks see. */
export function withSize(reference: string, { side, crop }: { readonly side: number; readonly crop: number }): string {
  return `${reference}${reference.includes('?') ? '&' : '?'}side=${side}&crop=${crop}`
}

/** A name for what is made of a reference's images: the last part of its path, in letters that any file system takes. */
export function nameOf(reference: string): string {
  const { id, argument } = partsOf(reference)
  const name = argument === '' ? id : basename(resolve(argument))
  return name.replace(/[^\w.-]+/g, '-').replace(/^[-.]+|-+$/g, '') || id
}

/** Headers of these images' files; undefined for an image that is no file below the folder that the reference names. */
export async function headersOf(
  reference: string,
  { nameOf }: Pick<Dataset, 'nameOf'>,
  indices: readonly number[],
): Promise<(FileHeader | undefined)[]> {
  const { argument } = partsOf(reference)
  const stats = statSync(argument, { throwIfNoEntry: false })
  if (!stats || !nameOf) return indices.map(() => undefined)
  const folder = stats.isDirectory() ? argument : dirname(argument)
  // Loads the image library, which sources of arrays do without.
  const { readHeaders } = await import('../../data/sources/image-folder/headers.ts')
  return readHeaders(indices.map((index) => join(folder, nameOf(index))))
}
