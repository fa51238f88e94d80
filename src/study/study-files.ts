import { join } from 'node:path'

/** Files of a study's folder. */
export const studyFiles = {
  results: (directory: string) => join(directory, 'study.sqlite'),
  checkpoints: (directory: string) => join(directory, 'checkpoints'),
  report: (directory: string) => join(directory, 'report.html'),
  /** The whole config, to run the study again with. */
  config: (directory: string) => join(directory, 'config.json'),
} as const
