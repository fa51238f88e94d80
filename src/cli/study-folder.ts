import { existsSync, readdirSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { EvenkeelError } from '../base/errors.ts'
import { studyFiles } from '../study/study-files.ts'

/** Where studies go when nobody says otherwise. */
export const STUDIES = 'evenkeel-out'

/** The folder that was named, or the only study in ./evenkeel-out. */
export function findStudy(directory: string | undefined): string {
  if (directory !== undefined) {
    if (holdsStudy(directory)) return directory
    const inside = studiesIn(directory)
    const hint = inside.length > 0 ? `name one of its folders: ${inside.join(', ')}` : 'run one with evenkeel study'
    throw new EvenkeelError('cli.no-study', `there is no study in ${directory}`, hint)
  }
  const [only, ...others] = studiesIn(STUDIES)
  if (only === undefined) {
    throw new EvenkeelError('cli.no-study', `there is no study in ./${STUDIES}`, 'run one with evenkeel study')
  }
  if (others.length > 0) {
    throw new EvenkeelError(
      'cli.which-study',
      `there are ${others.length + 1} studies in ./${STUDIES}`,
      `name one: ${[only, ...others].join(', ')}`,
    )
  }
  return only
}

/** A command line that works from where the person stands. */
export function commandLine(args: readonly string[]): string {
  return [...invocation(), ...args].map(quoted).join(' ')
}

/** How evenkeel was started. */
function invocation(): string[] {
  const script = process.argv[1] ?? ''
  if (basename(script).endsWith('.js')) {
    const path = relative('', script)
    return ['node', path.startsWith('..') ? resolve(script) : path]
  }
  return script.includes(join('node_modules', '.bin')) ? ['npx', 'evenkeel'] : ['evenkeel']
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

function holdsStudy(directory: string): boolean {
  return existsSync(studyFiles.results(directory))
}

/** Folders of studies in a folder, by name. */
export function studiesIn(directory: string): string[] {
  if (!existsSync(directory)) return []
  const entries = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return entries
    .map(({ name }) => join(directory, name))
    .filter(holdsStudy)
    .sort()
}
