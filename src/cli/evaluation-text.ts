import { printable } from '../base/printable.ts'
import type { ClassEvaluation, ModelEvaluation, Proportion } from '../deploy/evaluate.ts'
import { count, fixed, plural } from '../report/format.ts'
import { paint, table, wrap } from './terminal.ts'

/** Metrics that are shown beside accuracy; all of them are in the JSON document. */
const SHOWN = [
  ['balancedAccuracy', 'balanced accuracy'],
  ['rocAuc', 'ROC AUC'],
  ['logLoss', 'log loss'],
  ['expectedCalibrationError', 'calibration error'],
  ['meanCost', 'mean cost'],
] as const

/** Confusions that are listed where there are too many classes for a matrix. */
const MOST_LISTED = 10

/** How a model does, for a terminal of so many characters a line. */
export function evaluationText(evaluation: ModelEvaluation, width: number): string {
  const { model, data, images, notes, accuracy, metrics, classes, abstention } = evaluation
  const [first, ...others] = notes
  return [
    `${paint('bold', `${printable(model.name)} (${model.method}) on ${printable(data.name)}`)}: ${plural(images, 'image')}`,
    ...(first === undefined ? [] : [data.trainedOn > 0 ? paint('red', wrap(first, width)) : wrap(first, width)]),
    ...others.map((sentence) => wrap(sentence, width)),
    '',
    table([
      ['accuracy', ...withLimits(accuracy)],
      ...SHOWN.filter(([id]) => metrics[id] !== undefined).map(([id, label]) => [label, fixed(metrics[id], 3), '']),
      ...(abstention
        ? [
            [`share that is sure to ${abstention.below}`, ...withLimits(abstention.coverage)],
            ['accuracy of these', ...withLimits(abstention.accuracy)],
          ]
        : []),
    ]),
    '',
    table([['class', 'images', 'recall', '95 %', 'precision', '95 %'], ...classes.map(classRow)]),
    '',
    ...thresholdText(classes),
    confusionText(evaluation, width),
  ].join('\n')
}

function classRow({ label, images, recall, precision }: ClassEvaluation): string[] {
  return [printable(label), count(images), ...withLimits(recall), ...withLimits(precision)]
}

/** How well each class is found by itself, for those that have a threshold; nothing where none has. */
function thresholdText(classes: readonly ClassEvaluation[]): string[] {
  const rows = classes.flatMap(({ label, atThreshold }) =>
    atThreshold
      ? [
          [
            printable(label),
            fixed(atThreshold.threshold, 3),
            ...withLimits(atThreshold.recall),
            ...withLimits(atThreshold.precision),
          ],
        ]
      : [],
  )
  if (rows.length === 0) return []
  return [table([['present from its threshold on', '', 'recall', '95 %', 'precision', '95 %'], ...rows]), '']
}

/** '0.871', '0.83–0.90' */
function withLimits(proportion: Proportion | undefined): [string, string] {
  if (!proportion) return ['–', '']
  return [fixed(proportion.share, 3), `${fixed(proportion.low, 2)}–${fixed(proportion.high, 2)}`]
}

/** The matrix where it fits, otherwise what is confused most often. */
function confusionText({ classes, confusion }: ModelEvaluation, width: number): string {
  const labels = classes.map(({ label }) => printable(label))
  const matrix = table([['true \\ decided', ...labels], ...confusion.map((row, c) => [labels[c]!, ...row.map(count)])])
  if (matrix.split('\n').every((line) => line.length <= width)) return matrix
  const confused = confusion
    .flatMap((row, i) =>
      row.map((images, j) => ({ images, text: `${labels[i]} taken for ${labels[j]}`, isRight: i === j })),
    )
    .filter(({ images, isRight }) => images > 0 && !isRight)
    .sort((a, b) => b.images - a.images)
  const rows = confused.slice(0, MOST_LISTED).map(({ images, text }) => [count(images), text])
  return rows.length === 0 ? 'no image was taken for another class' : `confused most often\n${table(rows)}`
}
