import { EvenkeelError } from '../base/errors.ts'

/** Throws unless `sample` holds at least one number and only finite ones; `name` says what they are. */
export function checkSample(sample: readonly number[], name: string): void {
  if (sample.length === 0) throw new EvenkeelError('stats.empty', `${name} must hold at least one number, got none`)
  const i = sample.findIndex((value) => !Number.isFinite(value))
  if (i >= 0) throw new EvenkeelError('stats.number', `${name}[${i}] must be a finite number, got ${sample[i]}`)
}

/** Throws unless `a` and `b` are samples of equal length. */
export function checkPairs(a: readonly number[], b: readonly number[]): void {
  if (a.length !== b.length) {
    throw new EvenkeelError(
      'stats.pairs',
      `paired samples must be of equal length, got ${a.length} and ${b.length}`,
      'pair results of the same replicate and leave out those that one method lacks',
    )
  }
  checkSample(a, 'a')
  checkSample(b, 'b')
}

/** Throws unless `value`, called `name`, lies strictly between 0 and 1. */
export function checkFraction(value: number, name: string): void {
  if (!(value > 0 && value < 1)) {
    throw new EvenkeelError('stats.fraction', `${name} must be between 0 and 1, got ${value}`)
  }
}
