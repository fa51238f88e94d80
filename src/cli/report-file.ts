import { existsSync } from 'node:fs'
import { access, constants, mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { EvenkeelError } from '../base/errors.ts'
import type { FigureFile } from '../report/figure-files.tsx'
import type { Comparison } from '../study/comparison.ts'
import { studyFiles } from '../study/study-files.ts'

/** Writes a study's report as its results are now, and returns its absolute path. */
export async function writeReport(comparison: Comparison, directory: string, path?: string): Promise<string> {
  const { renderReport } = await import('../report/report.tsx')
  const { studyTimes } = await import('../study/open-study.ts')
  const { wallSeconds } = await studyTimes(directory)
  const target = resolve(path ?? studyFiles.report(directory))
  await writeWhole(target, renderReport(comparison, { wallSeconds: wallSeconds > 0 ? wallSeconds : undefined }))
  return target
}

/** Writes figures into a folder, which is made where there is none, and returns their absolute paths. */
export async function writeFigures(figures: readonly FigureFile[], folder: string): Promise<string[]> {
  const target = resolve(folder)
  await mkdir(target, { recursive: true }).catch((cause: unknown) => {
    throw cannotWrite(target, cause)
  })
  for (const { name, text } of figures) await writeWhole(join(target, name), text)
  return figures.map(({ name }) => join(target, name))
}

/** A reader finds the old file or the new one, never a part. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}`
  try {
    await writeFile(temporary, text)
    await rename(temporary, path)
  } catch (cause) {
    throw cannotWrite(path, cause)
  }
}

/**
 * Whether a folder or file of this path could be made, as far as that is known before it is tried.
 *
 * @throws EvenkeelError `cli.write` where what is there of the path is no folder, or may not be written
 */
export async function requireWritable(path: string): Promise<void> {
  let parent = dirname(resolve(path))
  // 'file/below' is not there either.
  while (!existsSync(parent)) parent = dirname(parent)
  try {
    // The slash asks for a folder.
    await access(join(parent, '/'), constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw cannotWrite(resolve(path), cause)
  }
}

/** What is said where a file cannot be written. */
export function cannotWrite(path: string, cause: unknown): EvenkeelError {
  const hint = 'check that its folder exists and may be written'
  return new EvenkeelError('cli.write', `cannot write ${path}: ${(cause as Error).message}`, hint, { cause })
}
