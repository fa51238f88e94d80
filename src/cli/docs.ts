import type { Command } from 'commander'
import { type MethodEntry, methods } from '../methods/index.ts'
import { exampleOf } from './commands/methods.ts'
import { createProgram } from './program.ts'

/** The pages of docs/ that follow from the code: path below docs/ -> Markdown. */
export function renderDocs(): Record<string, string> {
  return {
    'cli.md': commandReference(createProgram()),
    'methods/index.md': methodIndex(),
    ...Object.fromEntries(methods.map((entry) => [`methods/${entry.id}.md`, methodPage(entry)])),
  }
}

const GENERATED =
  '<!-- Written by src/cli/docs.ts; UPDATE_DOCS=1 npx vitest run src/cli/docs.test.ts writes it again. -->'

/** Every command's help, as the command prints it. */
function commandReference(program: Command): string {
  const commands = everyCommand(program).filter((command) => command !== program)
  return page(
    'Command line',
    helpOf(program),
    ...commands.map((command) => `## ${fullName(command)}\n\n${helpOf(command)}`),
  )
}

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)]
}

function fullName(command: Command): string {
  return command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name()
}

function helpOf(command: Command): string {
  let text = ''
  command
    .configureOutput({
      writeOut: (part) => {
        text += part
      },
      getOutHelpWidth: () => 100,
      getOutHasColors: () => false,
    })
    .outputHelp()
  return `\`\`\`text\n${text.trim()}\n\`\`\``
}

function methodIndex(): string {
  const rows = methods.map(({ id, idea, source }) => `| [${id}](${id}.md) | ${idea} | ${source} |`)
  return page('Methods', ['| method | idea | source |', '| --- | --- | --- |', ...rows].join('\n'))
}

function methodPage(entry: MethodEntry): string {
  const { id, title, idea, formula, helps, hurts, source, choices, options } = entry
  const rows = Object.entries(options).map(
    ([name, { meaning, range, default: standard }]) => `| ${name} | ${meaning} | ${range.join(' to ')} | ${standard} |`,
  )
  const table = ['| option | meaning | range | default |', '| --- | --- | --- | --- |', ...rows].join('\n')
  return page(
    id,
    ...(title === id ? [] : [`In tables: *${title}*.`]),
    idea,
    `\`\`\`text\n${formula}\n\`\`\``,
    `## When it helps\n\n${helps}`,
    `## When it hurts\n\n${hurts}`,
    `## Options\n\n${rows.length > 0 ? table : 'None.'}`,
    `## Use\n\n\`\`\`sh\nevenkeel study --methods ${exampleOf(entry)}\n\`\`\``,
    `## Source\n\n${source}.`,
    `## What the source leaves open\n\n${choices}`,
  )
}

function page(title: string, ...parts: readonly string[]): string {
  return `${[`# ${title}`, GENERATED, ...parts].join('\n\n')}\n`
}
