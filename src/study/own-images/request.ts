import { existsSync } from 'node:fs'
import { EvenkeelError } from '../../base/errors.ts'
import { openStore } from '../../store/index.ts'
import type { StudyConfig } from '../config.ts'
import type { StudySetup } from '../setup.ts'
import { studyFiles } from '../study-files.ts'

/**
 * What a person asked for, as canonical JSON: the images, the minutes and every flag that was given. The same request goes on with what
 * was chosen for it, though a speed that is measured again would choose otherwise.
 */
export function requestOf(asked: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(asked).filter(([, value]) => value !== undefined)
  return JSON.stringify(Object.fromEntries(given.sort(([a], [b]) => (a < b ? -1 : 1))))
}

/**
 * The config that an earlier run of the same request left in a study's folder; undefined where the folder holds no study.
 *
 * @throws EvenkeelError `study.conflict` where it holds a study of another request
 */
export async function storedChoice(directory: string, request: string): Promise<StudyConfig | undefined> {
  const path = studyFiles.results(directory)
  if (!existsSync(path)) return undefined
  const store = openStore(path, 'read')
  try {
    const known = await store.study()
    if (!known) return undefined
    const { config } = known.config as StudySetup
    if (config.own?.request === request) return config
    throw new EvenkeelError(
      'study.conflict',
      `${directory} holds ${config.own ? `a study that was asked for otherwise: ${changes(config.own.request, request)}` : 'another study'}`,
      'give this one its own folder with --name or --out, or ask as before to go on with that one',
    )
  } finally {
    store.close()
  }
}

/** 'minutes is 20 there and 60 here', for each part of two requests that differs. */
function changes(there: string, here: string): string {
  const [before, now] = [there, here].map((text) => JSON.parse(text) as Record<string, unknown>) as [Request, Request]
  const text = (value: unknown) => (value === undefined ? 'not said' : JSON.stringify(value))
  return [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(now[key]))
    .map((key) => `${key} is ${text(before[key])} there and ${text(now[key])} here`)
    .join('; ')
}

type Request = Readonly<Record<string, unknown>>
