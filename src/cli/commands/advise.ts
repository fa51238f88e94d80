import { type Command, Option } from 'commander'
import type { RuleReading } from '../../study/reproduction/page.ts'
import type { Situation } from '../../study/reproduction/rules/rule.ts'
import { createCommand, jsonOption, verboseOption } from '../command.ts'
import { fraction, ratio } from '../study-options.ts'
import { paint, print, printJson, widthOf, wrap } from '../terminal.ts'

interface AdviseFlags extends Situation {
  readonly json?: boolean
}

/** evenkeel advise */
export function adviseCommand(): Command {
  return createCommand('advise', "The paper's recommendations for an imbalance, and what your studies say of them.", [
    ['evenkeel advise --rho 100 --mu 0.5', 'one half of the classes a hundred times smaller than the others'],
    ['evenkeel advise --rho 100 --mu 0.9 --time short', 'the same for nine classes of ten, and a short training'],
    ['evenkeel advise evenkeel-out/mnist --rho 100 --mu 0.5 --goal accuracy', 'held against a study'],
  ])
    .argument('[dir...]', 'folders of studies, whose results are set beside the recommendations')
    .addOption(
      new Option('--rho <number>', 'size of the largest class over that of the smallest')
        .argParser(ratio)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--mu <number>', 'fraction of classes that are rare').argParser(fraction).makeOptionMandatory(),
    )
    .addOption(
      new Option('--difficulty <level>', 'easy as MNIST, moderate as CIFAR-10, or hard as ImageNet')
        .choices(['easy', 'moderate', 'hard'])
        .default('moderate'),
    )
    .addOption(new Option('--time <amount>', 'to train in').choices(['short', 'enough']).default('enough'))
    .addOption(
      new Option('--goal <goal>', 'what counts: the ranking of images, or the class of each (default: both)').choices([
        'ranking',
        'accuracy',
      ]),
    )
    .addOption(jsonOption())
    .addOption(verboseOption())
    .action(advise)
}

async function advise(directories: readonly string[], { json, ...situation }: AdviseFlags): Promise<void> {
  const { readRules, rulesFor } = await import('../../study/reproduction/rules/registry.ts')
  const { openEvidence } = await import('../../study/reproduction/open-evidence.ts')
  const rules = readRules(await openEvidence(directories), rulesFor(situation))
  if (json) printJson({ situation, studies: directories, rules })
  else print(adviceText(situation, rules, directories.length > 0))
}

function adviceText(situation: Situation, rules: readonly RuleReading[], studied: boolean): string {
  const { rho, mu, difficulty, time, goal } = situation
  const given = [`rho ${rho}`, `mu ${mu}`, `a task that is ${difficulty}`, `time that is ${time}`]
  const asked = `${given.join(', ')}${goal ? `, for ${goal}` : ''}`
  if (rules.length === 0) return `The paper recommends nothing for ${asked}: the classes are of one size.`
  return [`The paper recommends for ${asked}:`, ...rules.map((rule) => ruleText(rule, studied))].join('\n\n')
}

function ruleText({ id, when, advice, source, ours }: RuleReading, studied: boolean): string {
  const width = Math.min(widthOf(process.stdout), 100)
  const reading = ours
    ? `Your studies: ${ours.verdict}. ${ours.sentence}`
    : 'Your studies: none of their cells is such a case.'
  return [
    paint('bold', id),
    wrap(advice, width, '  '),
    wrap(`When ${when}.`, width, '  '),
    paint('dim', wrap(source, width, '  ')),
    ...(studied ? [wrap(reading, width, '  ')] : []),
  ].join('\n')
}
