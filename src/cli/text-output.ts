import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { open, rename, stat } from 'node:fs/promises'
import { EvenkeelError } from '../base/errors.ts'
import { printable } from '../base/printable.ts'
import { cannotWrite } from './report-file.ts'

/** Where text goes piece by piece, no faster than it is taken. */
export interface TextOutput {
  write(text: string): Promise<void>
  /** All is written. */
  keep(): Promise<void>
  /** What is written so far is of no use. */
  discard(): void
}

/** What was written to stdout cannot be taken back. A program gets the text as it is, a terminal nothing that it obeys. */
export function standardOutput(): TextOutput {
  const shown = (text: string) => (process.stdout.isTTY ? text.split('\n').map(printable).join('\n') : text)
  return {
    async write(text) {
      if (!process.stdout.write(shown(text))) await once(process.stdout, 'drain')
    },
    keep: async () => {},
    discard: () => {},
  }
}

/**
 * A file that is there when all is written, and before that only beside its place.
 *
 * @param beginnings of files that may be replaced; an empty one always may
 * @throws EvenkeelError `cli.write`, at once where it cannot be written, or something else stands there
 */
export async function fileOutput(path: string, beginnings: readonly string[]): Promise<TextOutput> {
  await requireRoom(path, beginnings)
  const temporary = `${path}.${process.pid}`
  const trying = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work()
    } catch (cause) {
      throw cannotWrite(path, cause)
    }
  }
  const file = await trying(() => open(temporary, 'w'))
  return {
    write: (text) => trying(() => file.appendFile(text)),
    keep: () =>
      trying(async () => {
        await file.close()
        await rename(temporary, path)
      }),
    discard() {
      void file.close().catch(() => {})
      rmSync(temporary, { force: true })
    },
  }
}

/** Nothing is lost by a slip of the hand, such as the name of an image. */
async function requireRoom(path: string, beginnings: readonly string[]): Promise<void> {
  const stats = await stat(path).catch(() => undefined)
  if (!stats || (stats.isFile() && stats.size === 0)) return
  if (!stats.isFile()) throw occupied(path, stats.isDirectory() ? 'is a folder' : 'is no file')
  const head = await headOf(path, Math.max(...beginnings.map((one) => one.length)))
  if (!beginnings.some((one) => head.startsWith(one))) throw occupied(path, 'holds something else')
}

/** Its first bytes, a character each. */
async function headOf(path: string, length: number): Promise<string> {
  try {
    const file = await open(path)
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0)
      return buffer.toString('latin1', 0, bytesRead)
    } finally {
      await file.close()
    }
  } catch (cause) {
    throw cannotWrite(path, cause)
  }
}

function occupied(path: string, what: string): EvenkeelError {
  return new EvenkeelError('cli.write', `cannot write ${printable(path)}: it ${what}`, 'name a new file')
}
