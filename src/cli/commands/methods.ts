import type { Command } from 'commander'
import type { MethodEntry, Recipe } from '../../methods/index.ts'
import { createCommand, jsonOption, verboseOption } from '../command.ts'
import { paint, print, printJson, widthOf, wrap } from '../terminal.ts'

interface MethodsFlags {
  readonly json?: boolean
}

/** evenkeel methods */
export function methodsCommand(): Command {
  return createCommand('methods', 'List the methods, or explain one: idea, formula, source, options.', [
    ['evenkeel methods', 'all of them, by kind'],
    ['evenkeel methods two-phase-oversampling', 'one of them'],
  ])
    .argument('[id]', 'a method')
    .addOption(jsonOption())
    .addOption(verboseOption())
    .action(showMethods)
}

async function showMethods(id: string | undefined, flags: MethodsFlags): Promise<void> {
  const { methodById, methods } = await import('../../methods/index.ts')
  if (id !== undefined) {
    const entry = methodById(id, 'evenkeel methods')
    if (flags.json) printJson({ method: described(entry) })
    else print(methodText(entry, widthOf(process.stdout)))
  } else if (flags.json) printJson({ methods: methods.map(described) })
  else print(listText(methods))
}

function described(entry: MethodEntry) {
  const { build, ...said } = entry
  return { kind: kindOf(recipeOf(entry)), ...said }
}

function recipeOf({ options, build }: MethodEntry): Recipe {
  return build(Object.fromEntries(Object.entries(options).map(([name, option]) => [name, option.default])))
}

/** Where a method intervenes, read from its recipe. */
export function kindOf({ phases, posthoc }: Recipe): string {
  const samples = phases.some(({ sampler }) => sampler.id !== 'natural')
  const decides = posthoc.id !== 'unchanged'
  if (phases.length > 1) return 'two-phase training'
  if (samples && decides) return 'sampling, then scores'
  if (samples) return 'sampling'
  return decides ? 'scores' : 'no remedy'
}

function listText(methods: readonly MethodEntry[]): string {
  const kinds = [...new Set(methods.map((entry) => kindOf(recipeOf(entry))))]
  const section = (kind: string) => {
    const entries = methods.filter((entry) => kindOf(recipeOf(entry)) === kind)
    return [paint('bold', kind), ...entries.map(listEntry)].join('\n')
  }
  return kinds.map(section).join('\n\n')
}

function listEntry({ id, idea, source }: MethodEntry): string {
  return `  ${id}\n      ${idea}\n      ${paint('dim', source)}`
}

function methodText(entry: MethodEntry, width: number): string {
  const part = (title: string, text: string) => `${paint('bold', title)}\n${wrap(text, Math.min(width, 100), '  ')}`
  return [
    `${paint('bold', entry.id)}: ${entry.title}`,
    part('idea', entry.idea),
    part('formula', entry.formula),
    part('helps', entry.helps),
    part('hurts', entry.hurts),
    part('source', entry.source),
    part('choices', entry.choices),
    ...Object.entries(entry.options).map(([name, { meaning, range, default: standard }]) =>
      part(`option ${name}, ${range[0]} to ${range[1]}, default ${standard}`, meaning),
    ),
    part('on the command line', `evenkeel study --methods ${exampleOf(entry)}`),
  ].join('\n\n')
}

/** The method as it is named on a command line, with its options if it has any. */
export function exampleOf({ id, options }: MethodEntry): string {
  const given = Object.entries(options).map(([name, { range }]) => `${name}=${(range[0] + range[1]) / 2}`)
  return given.length === 0 ? id : `"${id}(${given.join(', ')})"`
}
