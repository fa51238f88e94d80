import { availableParallelism, freemem, totalmem } from 'node:os'
import type { Command } from 'commander'
import { EvenkeelError } from '../../base/errors.ts'
import { createCommand, jsonOption, verboseOption } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { paint, print, printJson } from '../terminal.ts'

interface DoctorFlags {
  readonly json?: boolean
}

interface Finding {
  readonly check: string
  readonly ok: boolean
  readonly detail: string
  readonly hint: string | undefined
}

/** Each gives what it found, and throws where something is broken. */
const checks: Readonly<Record<string, () => Promise<string>>> = {
  node: checkNode,
  platform: async () => `${process.platform}-${process.arch}`,
  cores: async () => `${availableParallelism()}: that many workers train side by side`,
  memory: async () => `${gibibytes(totalmem())} GiB, ${gibibytes(freemem())} free`,
  'tensor engine': checkEngine,
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
  const findings: Finding[] = []
  for (const [check, run] of Object.entries(checks)) findings.push(await find(check, run))
  if (flags.json) printJson({ ok: findings.every(({ ok }) => ok), findings })
  else for (const finding of findings) print(findingText(finding))
  if (findings.some(({ ok }) => !ok)) process.exitCode = exitCodes.unexpected
}

async function find(check: string, run: () => Promise<string>): Promise<Finding> {
  try {
    return { check, ok: true, detail: await run(), hint: undefined }
  } catch (error) {
    const hint = error instanceof EvenkeelError ? error.hint : 'install evenkeel again'
    return { check, ok: false, detail: (error as Error).message, hint }
  }
}

function findingText({ check, ok, detail, hint }: Finding): string {
  const mark = ok ? paint('green', 'ok     ') : paint('red', 'problem')
  return `${mark}  ${check.padEnd(13)}  ${detail}${hint ? `\n${' '.repeat(24)}hint: ${hint}` : ''}`
}

async function checkNode(): Promise<string> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return process.version
  throw new EvenkeelError('doctor.node', `${process.version} is too old`, 'install Node 20.19 or newer')
}

/** Loads the native runtime and lets it compute. */
async function checkEngine(): Promise<string> {
  const { compile, floats, input, relu } = await import('../../engine/index.ts')
  const program = await compile({ positive: relu(input('numbers', 'float32', [3])) })
  const { positive } = await program.run({ numbers: floats([3], Float32Array.of(-1, 0, 2)) })
  await program.dispose()
  const result = Array.from(positive!.data, Number).join(' ')
  if (result !== '0 0 2') throw new Error(`relu of -1 0 2 gave ${result}`)
  return 'onnxruntime-node loads and computes'
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
