import type { Command } from 'commander'
import type { Dataset, LeftOut, Source } from '../../data/index.ts'
import { createCommand, jsonOption, verboseOption } from '../command.ts'
import { showDecoding } from '../progress.ts'
import { paint, print, printJson, table } from '../terminal.ts'
import { dataFetchCommand } from './data-fetch.ts'

interface DataFlags {
  readonly json?: boolean
}

/** evenkeel data */
export function dataCommand(): Command {
  const inspectCommand = createCommand('inspect', 'Show what a data source holds: sizes, classes, ranges.', [
    ['evenkeel data inspect digits', 'the digits that come along'],
    ['evenkeel data inspect idx:data/mine', 'your own images in the IDX format of MNIST'],
  ])
    .argument('<ref>', 'a dataset; see evenkeel data list')
    .addOption(jsonOption())
    .addOption(verboseOption())
    .action(inspect)
  const listCommand = createCommand('list', 'List the kinds of data and how to name them.', [
    ['evenkeel data list', 'what may stand after --data'],
  ])
    .addOption(jsonOption())
    .addOption(verboseOption())
    .action(list)
  return createCommand('data', 'Fetch data and look at them before studying them.', [
    ['evenkeel data inspect digits', 'what is in the digits that come along'],
    ['evenkeel data fetch mnist', 'downloads MNIST into data/mnist'],
  ])
    .addCommand(inspectCommand)
    .addCommand(listCommand)
    .addCommand(dataFetchCommand())
    .helpCommand(false)
}

async function list(flags: DataFlags): Promise<void> {
  const { sources } = await import('../../data/index.ts')
  if (flags.json)
    printJson({
      sources: sources.map(({ id, title, usage, argument, options }) => ({ id, title, usage, argument, options })),
    })
  else print(table(sources.map((source) => [source.usage, sourceText(source)])))
}

function sourceText({ title, usage, argument, options = {} }: Source): string {
  const ways = Object.entries(options).map(([name, meaning]) => `'${usage}?${name}=...': ${meaning}`)
  return [title, ...(argument ? [`DIR: ${argument}`] : []), ...ways].join('\n    ')
}

async function inspect(reference: string, flags: DataFlags): Promise<void> {
  const { openDataset } = await import('../../data/index.ts')
  const decoding = showDecoding(process.stderr)
  const dataset = await openDataset(reference, { progress: decoding.update }).finally(decoding.end)
  const seen = summarise(reference, dataset)
  if (flags.json) printJson({ ...seen })
  else print(inspectionText(seen))
}

interface Inspection {
  readonly reference: string
  readonly name: string
  readonly description: string
  readonly notes: readonly string[]
  /** Images that are not in it, all of them. */
  readonly leftOut: readonly LeftOut[]
  readonly shape: readonly number[]
  readonly images: number
  readonly officialTest: number
  /** Images of each class, without those of the official test set. */
  readonly classes: readonly { readonly name: string; readonly images: number; readonly officialTest: number }[]
  readonly pixels: { readonly least: number; readonly greatest: number; readonly mean: number; readonly limit: number }
  readonly contentHash: string
  readonly suggestions: readonly string[]
}

function summarise(reference: string, dataset: Dataset): Inspection {
  const {
    name,
    description,
    notes,
    leftOut,
    shape,
    classNames,
    labels,
    contentHash,
    officialTestStart = labels.length,
  } = dataset
  const classes = classNames.map((className) => ({ name: className, images: 0, officialTest: 0 }))
  labels.forEach((label, i) => {
    classes[label]![i < officialTestStart ? 'images' : 'officialTest']++
  })
  return {
    reference,
    name,
    description,
    notes,
    leftOut,
    shape,
    images: labels.length,
    officialTest: labels.length - officialTestStart,
    classes,
    pixels: pixelRange(dataset),
    contentHash,
    suggestions: suggestionsFor(
      reference,
      classes.map(({ images }) => images),
    ),
  }
}

/** So many bytes of pixels are looked at, or somewhat more: of larger sets, images evenly spread over them. */
const MOST_LOOKED_AT = 2 ** 30

function pixelRange({ images, maxPixel }: Dataset): Inspection['pixels'] {
  const step = Math.ceil((images.count * images.read(0).length) / MOST_LOOKED_AT)
  let [least, greatest, total, count] = [255, 0, 0, 0]
  for (let i = 0; i < images.count; i += step) {
    const pixels = images.read(i)
    for (const pixel of pixels) {
      if (pixel < least) least = pixel
      if (pixel > greatest) greatest = pixel
      total += pixel
    }
    count += pixels.length
  }
  return { least, greatest, mean: total / count, limit: maxPixel }
}

function suggestionsFor(reference: string, counts: readonly number[]): string[] {
  const [least, greatest] = [Math.min(...counts), Math.max(...counts)]
  if (least === 0) return ['a class without images cannot be studied: leave it out']
  const argument = /[?&]/.test(reference) ? `'${reference}'` : reference
  const suggestions = [`evenkeel plan --data ${argument} shows what a study would train`]
  if (greatest / least >= 2) {
    suggestions.unshift(
      `the classes are imbalanced already, ${(greatest / least).toFixed(1)} to 1: --natural studies them as they are`,
    )
  }
  return suggestions
}

function inspectionText(seen: Inspection): string {
  const { name, description, notes, shape, images, officialTest, classes, pixels, contentHash, suggestions } = seen
  const test = officialTest > 0 ? `${officialTest} of them are its own test set` : 'no test set of its own'
  return [
    `${paint('bold', name)}: ${description}`,
    ...notes,
    '',
    table([
      ['images', `${images}, ${test}`],
      ['shape', `${shape.join(' x ')} (channels, height, width)`],
      ['pixels', `${pixels.least} to ${pixels.greatest} of at most ${pixels.limit}, mean ${pixels.mean.toFixed(1)}`],
      ['content', `sha256 ${contentHash}`],
    ]),
    '',
    paint('bold', `classes${officialTest > 0 ? ', without the test set' : ''}`),
    classBars(classes),
    '',
    ...suggestions,
  ].join('\n')
}

const BAR_WIDTH = 40

function classBars(classes: Inspection['classes']): string {
  const greatest = Math.max(...classes.map(({ images }) => images))
  return table(
    classes.map(({ name, images }) => [`  ${name}`, images, '█'.repeat(Math.round((images / greatest) * BAR_WIDTH))]),
  )
}
