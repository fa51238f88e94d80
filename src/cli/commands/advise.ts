import { type Command, Option } from 'commander'
import { EvenkeelError } from '../../base/errors.ts'
import { studyLine } from '../../report/remarks.ts'
import type { StudySummary } from '../../study/reproduction/open-evidence.ts'
import type { RuleReading } from '../../study/reproduction/page.ts'
import type { Situation } from '../../study/reproduction/rules/rule.ts'
import { createCommand, jsonOption, verboseOption } from '../command.ts'
import { fraction, ratio } from '../study-options.ts'
import { paint, print, printJson, widthOf, wrap } from '../terminal.ts'

type AdviseFlags = Partial<Pick<Situation, 'rho' | 'mu'>> & Omit<Situation, 'rho' | 'mu'> & { readonly json?: boolean }

/** evenkeel advise */
export function adviseCommand(): Command {
  return createCommand(
    'advise',
    "The paper's recommendations for an imbalance, and what our studies or yours say of them.",
    [
      ['evenkeel advise --rho 100 --mu 0.5', 'one half of the classes a hundred times smaller than the others'],
      ['evenkeel advise --rho 100 --mu 0.9 --time short', 'the same for nine classes of ten, and a short training'],
      ['evenkeel advise evenkeel-out/mnist', 'every recommendation, held against a study'],
      ['evenkeel advise evenkeel-out/mnist --rho 100 --mu 0.5 --goal accuracy', 'those for one case and one goal'],
    ],
  )
    .argument(
      '[dir...]',
      'folders of studies that are set beside the recommendations (default: those of docs/reproduction.md)',
    )
    .addOption(new Option('--rho <number>', 'size of the largest class over that of the smallest').argParser(ratio))
    .addOption(new Option('--mu <number>', 'fraction of classes that are rare').argParser(fraction))
    .addOption(
      new Option('--difficulty <level>', 'moderate as MNIST and CIFAR-10, or hard as ImageNet')
        .choices(['moderate', 'hard'])
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

async function advise(directories: readonly string[], { json, rho, mu, ...rest }: AdviseFlags): Promise<void> {
  const { rules, rulesFor } = await import('../../study/reproduction/rules/registry.ts')
  const situation = situationOf(rho, mu, rest)
  const asked = situation ? rulesFor(situation) : rules
  const { studies, readings } = await held(directories)
  const advice = asked.map(({ id, when, advice, source }) => {
    const ours = readings.find((reading) => reading.id === id)?.ours
    return { id, when, advice, source, ours }
  })
  const whose = directories.length > 0 ? 'Your studies' : 'Our studies'
  if (json) printJson({ situation, studies, rules: advice })
  else
    print(
      `${adviceText(situation, advice, whose)}\n\n${whose}, over each recommendation's whole range:\n${studies.map(studyText).join('\n')}`,
    )
}

function studyText(study: StudySummary): string {
  return wrap(`- ${studyLine(study)}`, Math.min(widthOf(process.stdout), 100), '  ')
}

function situationOf(rho: number | undefined, mu: number | undefined, rest: Omit<Situation, 'rho' | 'mu'>) {
  if (rho === undefined && mu === undefined) return undefined
  if (rho !== undefined && mu !== undefined) return { rho, mu, ...rest }
  throw new EvenkeelError(
    'cli.advise',
    `--rho and --mu belong together, got only ${rho === undefined ? `--mu ${mu}` : `--rho ${rho}`}`,
    'name both, or neither for all recommendations',
  )
}

/** What studies say of the rules: those in the folders, else the ones that come along. */
async function held(directories: readonly string[]) {
  if (directories.length === 0) {
    const { ourRuns } = await import('../../study/reproduction/our-runs.ts')
    const { studies, rules } = await ourRuns()
    return { studies, readings: rules }
  }
  const { openReproduction } = await import('../../study/reproduction/open-evidence.ts')
  const { studies, reproduction } = await openReproduction(directories)
  return { studies, readings: reproduction.rules }
}

function adviceText(situation: Situation | undefined, rules: readonly RuleReading[], whose: string): string {
  const asked = situation ? ` for ${inWords(situation)}` : ''
  if (rules.length === 0) return `The paper recommends nothing${asked}: the classes are of one size.`
  return [`The paper recommends${asked}:`, ...rules.map((rule) => ruleText(rule, whose))].join('\n\n')
}

function inWords({ rho, mu, difficulty, time, goal }: Situation): string {
  const given = [`rho ${rho}`, `mu ${mu}`, `a task that is ${difficulty}`, `time that is ${time}`]
  return `${given.join(', ')}${goal ? `, for ${goal}` : ''}`
}

function ruleText({ id, when, advice, source, ours }: RuleReading, whose: string): string {
  const width = Math.min(widthOf(process.stdout), 100)
  const reading = ours ? `${ours.verdict}. ${ours.sentence}` : 'none of their cells is such a case.'
  return [
    paint('bold', id),
    wrap(advice, width, '  '),
    wrap(`When ${when}.`, width, '  '),
    paint('dim', wrap(source, width, '  ')),
    wrap(`${whose}: ${reading}`, width, '  '),
  ].join('\n')
}
