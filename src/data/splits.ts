import { EvenkeelError } from '../base/errors.ts'
import { random, shuffle } from '../base/random.ts'
import type { Dataset, Examples, Role } from './dataset.ts'

/** How much of a class: a fraction in (0, 1) of its examples, or a number of them, an integer >= 1. */
export type Share = { readonly fraction: number } | { readonly perClass: number }

export interface SplitOptions {
  /**
   * What is reported on: the source's own test set; a share of each of its classes, such as equally many; or a share of each
   * class of the whole set, drawn at random, which mixes an official test set with the rest.
   */
  readonly test: 'official' | { readonly official: Share } | Share
  /** What epochs, thresholds and methods are chosen on; default none. Fractions are of the class before the test set is drawn. */
  readonly selection?: Share
  /**
   * At most so many training examples of each class, an integer >= 1 (the paper: 5,000); default all. Training is then served
   * before selection, which gets what is left over, up to its share; without a pool selection is served first.
   */
  readonly poolPerClass?: number
}

export interface Split {
  readonly train: Examples<'train'>
  readonly selection: Examples<'selection'>
  readonly test: Examples<'test'>
}

/**
 * Splits a dataset class by class (stratified) into disjoint roles. A class's examples are shuffled once per seed; test is
 * taken from the front, training follows, selection comes from the end. So the test set doesn't depend on the other options,
 * and a smaller pool is part of a larger one. A fraction is rounded to the nearest integer, halves up, and is at least 1.
 *
 * @param seed labels of the random stream; the same ones give the same split
 * @throws EvenkeelError `split.option` for a value out of range, `split.official` where there is no official test set,
 *   `split.too-few` where a class can't have an example in each role asked for
 */
export function split(dataset: Dataset, options: SplitOptions, seed: readonly (string | number)[]): Split {
  checkOptions(options)
  const official = options.test === 'official' || 'official' in options.test
  const testStart = official ? requireOfficial(dataset) : dataset.labels.length
  const trainable = membersByClass(dataset, 0, testStart)
  const testable = official ? membersByClass(dataset, testStart, dataset.labels.length) : trainable
  const roles: Record<Role, number[][]> = { train: [], selection: [], test: [] }

  dataset.classNames.forEach((className, c) => {
    const place = `class '${className}' of '${dataset.name}'`
    const members = shuffle(trainable[c]!, random(...seed, 'split', c))
    const testMembers = official ? shuffle(testable[c]!, random(...seed, 'official-test', c)) : members
    const test = testCount(options.test, testMembers.length, place)
    const rest = official ? members : members.slice(test)
    const { train, selection } = servedCounts(options, rest.length, members.length, place)
    roles.test.push(testMembers.slice(0, test))
    roles.train.push(rest.slice(0, train))
    roles.selection.push(rest.slice(rest.length - selection))
  })

  const examples = <R extends Role>(role: R): Examples<R> => ({
    role,
    dataset,
    indices: Uint32Array.from(roles[role].flat()).sort(),
  })
  return { train: examples('train'), selection: examples('selection'), test: examples('test') }
}

function membersByClass({ labels, classNames }: Dataset, start: number, end: number): number[][] {
  const members: number[][] = classNames.map(() => [])
  for (let i = start; i < end; i++) members[labels[i]!]!.push(i)
  return members
}

function testCount(test: SplitOptions['test'], available: number, place: string): number {
  if (available === 0) throw new EvenkeelError('split.too-few', `${place} has no example to test on`)
  if (test === 'official') return available
  const count = shareCount('official' in test ? test.official : test, available)
  if (count > available) {
    throw new EvenkeelError(
      'split.too-few',
      `${place} has ${available} examples to test on, ${count} are asked for`,
      `ask for at most ${available} per class`,
    )
  }
  return count
}

/** Training and selection examples of one class, of which `rest` are left and `all` were there before the test draw. */
function servedCounts(
  { selection, poolPerClass }: SplitOptions,
  rest: number,
  all: number,
  place: string,
): { train: number; selection: number } {
  const wanted = selection ? shareCount(selection, all) : 0
  const train = poolPerClass === undefined ? rest - wanted : Math.min(poolPerClass, rest)
  if (train < 1) {
    throw new EvenkeelError(
      'split.too-few',
      `${place} has ${rest} examples after the test set, which leaves none to train on${wanted ? ` beside ${wanted} for selection` : ''}`,
      'lower the shares, leave selection out, or gather more examples of this class',
    )
  }
  const served = Math.min(wanted, rest - train)
  if (selection && served < 1) {
    throw new EvenkeelError(
      'split.too-few',
      `${place} has ${rest} examples after the test set, and the pool of ${poolPerClass} leaves none for selection`,
      rest > 1 ? `lower poolPerClass to at most ${rest - 1}` : 'leave selection out',
    )
  }
  return { train, selection: served }
}

function shareCount(share: Share, available: number): number {
  return 'perClass' in share ? share.perClass : Math.max(1, Math.round(share.fraction * available))
}

function requireOfficial({ name, officialTestStart }: Dataset): number {
  if (officialTestStart === undefined) {
    throw new EvenkeelError(
      'split.official',
      `'${name}' has no official test set`,
      'ask for a fraction or a number per class',
    )
  }
  return officialTestStart
}

function checkOptions({ test, selection, poolPerClass }: SplitOptions): void {
  if (test !== 'official') checkShare('official' in test ? test.official : test, 'test')
  if (selection) checkShare(selection, 'selection')
  if (poolPerClass !== undefined) checkCount(poolPerClass, 'poolPerClass')
}

function checkShare(share: Share, place: string): void {
  if ('perClass' in share) checkCount(share.perClass, `${place}.perClass`)
  else if (!(share.fraction > 0 && share.fraction < 1)) {
    throw new EvenkeelError('split.option', `${place}.fraction must be between 0 and 1, got ${share.fraction}`)
  }
}

function checkCount(count: number, place: string): void {
  if (!(Number.isInteger(count) && count >= 1)) {
    throw new EvenkeelError('split.option', `${place} must be an integer >= 1, got ${count}`)
  }
}
