import { availableParallelism, freemem, totalmem } from 'node:os'
import type { Command } from 'commander'
import { EvenkeelError } from '../../base/errors.ts'
import type { Device } from '../../engine/index.ts'
import { createCommand, jsonOption, verboseOption } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { paint, print, printJson } from '../terminal.ts'

interface DoctorFlags {
  readonly json?: boolean
}

interface Finding {
  readonly check: string
  readonly ok: boolean
  /** Whether studies need it; a graphics card may be missing. */
  readonly required: boolean
  readonly detail: string
  readonly hint: string | undefined
}

/** Each gives what it found, and throws where something is broken. */
const checks: Readonly<Record<string, () => Promise<string>>> = {
  node: checkNode,
  platform: async () => `${process.platform}-${process.arch}`,
  cores: async () => `${availableParallelism()}: that many workers train side by side`,
  memory: async () => `${gibibytes(totalmem())} GiB, ${gibibytes(freemem())} free`,
  'results file': checkStore,
  'shipped data': checkData,
}

/** evenkeel doctor */
export function doctorCommand(): Command {
  return createCommand('doctor', 'Check that everything a study needs works on this machine.', [
    ['evenkeel doctor', 'a line for each check; exit code 1 when one fails'],
  ])
    .addOption(jsonOption())
    .addOption(verboseOption())
    .action(examine)
}

async function examine(flags: DoctorFlags): Promise<void> {
  const { devices } = await import('../../engine/index.ts')
  const findings: Finding[] = []
  for (const [check, run] of Object.entries(checks)) findings.push(await find(check, run))
  findings.push(...(await Promise.all(devices.map(checkDevice))))
  const ok = findings.every(({ ok, required }) => ok || !required)
  if (flags.json) printJson({ ok, findings })
  else for (const finding of findings) print(findingText(finding))
  if (!ok) process.exitCode = exitCodes.unexpected
}

async function find(check: string, run: () => Promise<string>): Promise<Finding> {
  try {
    return { check, ok: true, required: true, detail: await run(), hint: undefined }
  } catch (error) {
    const hint = error instanceof EvenkeelError ? error.hint : 'install evenkeel again'
    return { check, ok: false, required: true, detail: (error as Error).message, hint }
  }
}

function findingText({ check, ok, required, detail, hint }: Finding): string {
  const mark = ok ? paint('green', 'ok     ') : required ? paint('red', 'problem') : paint('yellow', 'absent ')
  return `${mark}  ${check.padEnd(13)}  ${detail}${hint ? `\n${' '.repeat(24)}hint: ${hint}` : ''}`
}

async function checkNode(): Promise<string> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return process.version
  throw new EvenkeelError('doctor.node', `${process.version} is too old`, 'install Node 20.19 or newer')
}

/** Where programs may run; studies need the CPU alone. */
async function checkDevice(device: Device): Promise<Finding> {
  const { findDevice } = await import('../../engine/index.ts')
  const { available, reason = 'computes', hint } = await findDevice(device)
  return { check: `device ${device}`, ok: available, required: device === 'cpu', detail: reason, hint }
}

async function checkStore(): Promise<string> {
  const { openDatabase } = await import('../../store/sqlite.ts')
  const database = openDatabase(':memory:', { timeout: 0 })
  try {
    return `SQLite ${database.value('select sqlite_version()')}`
  } finally {
    database.close()
  }
}

async function checkData(): Promise<string> {
  const { digits } = await import('../../data/index.ts')
  const { labels } = await digits()
  return `${labels.length} digits`
}

function gibibytes(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1)
}
