import { statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { type Dataset, type OpenOptions, parseReference } from '../../data/index.ts'
import type { FileHeader } from '../../data/sources/image-folder/headers.ts'

/** Whether the images of a reference are scaled when they are opened, and the reference leaves open how large. */
export function leavesSizeOpen(reference: string): boolean {
  const { source, options } = parseReference(reference)
  return 'side' in (source.options ?? {}) && !('side' in options) && !('crop' in options)
}

/** The reference with an image size, in pixels: the shorter side that images are scaled to, and the window that networks see. */
export function withSize(reference: string, { side, crop }: { readonly side: number; readonly crop: number }): string {
  const isFirst = Object.keys(parseReference(reference).options).length === 0
  return `${reference}${isFirst ? '?' : '&'}side=${side}&crop=${crop}`
}

/** A name for what is made of a reference's images: the last part of its path, in letters that any file system takes. */
export function nameOf(reference: string): string {
  const { source, argument } = parseReference(reference)
  const name = argument === '' ? source.id : basename(resolve(argument))
  return name.replace(/[^\w.-]+/g, '-').replace(/^[-.]+|-+$/g, '') || source.id
}

/** Headers of these images' files; undefined for an image that is no file below the path that the reference names, or beside it. */
export async function headersOf(
  reference: string,
  { nameOf }: Pick<Dataset, 'nameOf'>,
  indices: readonly number[],
  { progress }: Pick<OpenOptions, 'progress'> = {},
): Promise<(FileHeader | undefined)[]> {
  const { argument } = parseReference(reference)
  const stats = statSync(argument, { throwIfNoEntry: false })
  if (!stats || !nameOf) return indices.map(() => undefined)
  const folder = stats.isDirectory() ? argument : dirname(argument)
  // Loads the image library, which sources of arrays do without.
  const { readHeaders } = await import('../../data/sources/image-folder/headers.ts')
  return readHeaders(
    indices.map((index) => join(folder, nameOf(index))),
    { progress },
  )
}
