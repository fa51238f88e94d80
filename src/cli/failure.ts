import { CommanderError } from 'commander'
import { EvenkeelError } from '../base/errors.ts'
import { exitCodes } from './exit-codes.ts'
import { note, paint, printJson } from './terminal.ts'

interface Failure {
  readonly code: string
  readonly message: string
  readonly hint: string | undefined
  readonly exitCode: number
}

/**
 * Says what went wrong, and returns the exit code. A mistake that a person can mend is a sentence and a hint, never a stack;
 * the stack of anything else is shown to those who ask for it.
 */
export function reportFailure(error: unknown, args: readonly string[]): number {
  if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done
  // A command group without a command: its help is on stderr already.
  if (error instanceof CommanderError && error.code === 'commander.help') return exitCodes.input
  const { exitCode, ...failure } = describe(error)
  if (args.includes('--json')) printJson({ error: failure })
  else {
    note(`${paint('red', 'error:', process.stderr)} ${failure.message}`)
    if (failure.hint) note(`${paint('cyan', 'hint:', process.stderr)} ${failure.hint}`)
  }
  if (exitCode === exitCodes.unexpected && wantsStacks(args))
    note(error instanceof Error ? `${error.stack}` : `${error}`)
  return exitCode
}

function wantsStacks(args: readonly string[]): boolean {
  return args.includes('--verbose') || process.env.EVENKEEL_LOG === 'debug'
}

function describe(error: unknown): Failure {
  if (error instanceof EvenkeelError) {
    const { code, message, hint } = error
    return { code, message, hint, exitCode: code === 'data.stopped' ? exitCodes.interrupted : exitCodes.input }
  }
  if (error instanceof CommanderError) return describeUsage(error)
  if (isSystemError(error)) {
    const hint = 'check the path, the permissions and the free space'
    return { code: `system.${error.code}`, message: error.message, hint, exitCode: exitCodes.input }
  }
  const message = error instanceof Error ? error.message : String(error)
  return {
    code: 'cli.unexpected',
    message: `unexpected: ${message}`,
    hint: 'run again with --verbose to see where it happened',
    exitCode: exitCodes.unexpected,
  }
}

/** A file or folder that the system would not read or write. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'path' in error
}

/** Commander writes 'error: sentence' and its suggestion on a second line, in brackets. */
function describeUsage({ message }: CommanderError): Failure {
  const [sentence = '', suggestion] = message.replace(/^error: /, '').split('\n')
  const hint = suggestion ? suggestion.replace(/^\(Did(.*)\)$/, 'did$1') : 'add --help to see what may be given'
  return { code: 'cli.usage', message: sentence, hint, exitCode: exitCodes.input }
}
