import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { cannotWrite } from './report-file.ts'

/** Where text goes piece by piece, no faster than it is taken. */
export interface TextOutput {
  write(text: string): Promise<void>
  /** All is written. */
  keep(): Promise<void>
  /** What is written so far is of no use. */
  discard(): void
}

/** What was written to stdout cannot be taken back. */
export function standardOutput(): TextOutput {
  return {
    async write(text) {
      if (!process.stdout.write(text)) await once(process.stdout, 'drain')
    },
    keep: async () => {},
    discard: () => {},
  }
}

/**
 * A file that is there when all is written, and before that only beside its place.
 *
 * @throws EvenkeelError `cli.write`, at once where it cannot be written
 */
export async function fileOutput(path: string): Promise<TextOutput> {
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
