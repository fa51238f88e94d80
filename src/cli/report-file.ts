import { rename, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { EvenkeelError } from '../base/errors.ts'
import type { Comparison } from '../study/comparison.ts'
import { studyFiles } from '../study/run.ts'

/** Writes a study's report as its results are now, and returns its absolute path. */
export async function writeReport(comparison: Comparison, directory: string, path?: string): Promise<string> {
  const { renderReport } = await import('../report/report.tsx')
  const { studyTimes } = await import('../study/open-study.ts')
  const { wallSeconds } = await studyTimes(directory)
  const target = resolve(path ?? studyFiles.report(directory))
  await writeWhole(target, renderReport(comparison, { wallSeconds: wallSeconds > 0 ? wallSeconds : undefined }))
  return target
}

/** A reader finds the old file or the new one, never a part. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}`
  try {
    await writeFile(temporary, text)
    await rename(temporary, path)
  } catch (cause) {
    const why = (cause as Error).message
    throw new EvenkeelError(
      'cli.write',
      `cannot write ${path}: ${why}`,
      'check that its folder exists and may be written',
      {
        cause,
      },
    )
  }
}
