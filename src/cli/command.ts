import { Command, Option } from 'commander'
import { paint } from './terminal.ts'

/** A command line that works, and what it does. */
export type Example = readonly [commandLine: string, effect: string]

/** A command as all of ours are: strict, with suggestions, examples in its help, and errors thrown to `main`. */
export function createCommand(name: string, purpose: string, examples: readonly Example[]): Command {
  return new Command(name)
    .description(purpose)
    .helpOption('-h, --help', 'show this help')
    .exitOverride()
    .configureOutput({ outputError: () => {}, getOutHelpWidth: helpWidth, getErrHelpWidth: helpWidth })
    .configureHelp({ styleTitle: (title) => paint('bold', title) })
    .addHelpText('after', examplesText(examples))
}

/** The option of every command that prints something. */
export function jsonOption(): Option {
  return new Option('--json', 'print one JSON document (with schemaVersion) to stdout')
}

export function verboseOption(): Option {
  return new Option('--verbose', 'show the stack of an unexpected error')
}

function examplesText(examples: readonly Example[]): string {
  const lines = examples.map(([commandLine, effect]) => `  ${commandLine}\n      ${effect}`)
  return lines.length === 0 ? '' : `\n${paint('bold', 'Examples:')}\n${lines.join('\n')}`
}

function helpWidth(): number {
  return Math.min(process.stdout.columns ?? 100, 100)
}
