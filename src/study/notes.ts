import type { DatasetInfo } from './comparison.ts'
import type { Plan } from './plan.ts'

/** From so many test images on, a class's recall is a figure rather than an anecdote: its 95 % interval is at most 0.6 wide. */
const FEW = 10

/** What a reader must know of a study before believing its figures, a sentence each. */
export function notesOn({ datasets }: Plan): string[] {
  return datasets.flatMap((dataset) => [
    ...(dataset.notes ?? []).map((note) => `${dataset.name}: ${note}`),
    ...fewTestImages(dataset),
    ...fewToChooseBy(dataset),
  ])
}

/** Classes that get a sentence of their own. */
const MOST_NAMED = 3

function fewTestImages({ name, classNames, test }: DatasetInfo): string[] {
  const small = smallClasses(test).sort((a, b) => test[a]! - test[b]!)
  const rest = small.length - MOST_NAMED
  const others = rest > 0 ? [`${rest} more of its classes have fewer than ${FEW} test images.`] : []
  const sentences = small.slice(0, MOST_NAMED).map((c) => {
    const count = test[c]!
    const share = `${count} ${count === 1 ? 'test image' : 'test images'}`
    return `Class '${classNames[c]}' of '${name}' has ${share}: ${sayable(count)}, and every mean over classes gives these as much weight as any other class.`
  })
  return [...sentences, ...others]
}

/** What so many images can say of a class's recall, by Wilson's interval for all of them right. */
function sayable(count: number): string {
  const z = 1.959964
  const least = count / (count + z * z)
  return `even if all are recognised, its recall may be as low as ${least.toFixed(2)} (95 % interval)`
}

function fewToChooseBy({ name, classNames, selection }: DatasetInfo): string[] {
  if (selection.every((count) => count === 0)) return []
  const few = smallClasses(selection)
  if (few.length === 0) return []
  const named = few.slice(0, MOST_NAMED).map((c) => `'${classNames[c]}' (${selection[c]})`)
  const names =
    few.length > MOST_NAMED ? `${named.join(', ')} and ${few.length - MOST_NAMED} more classes` : named.join(', ')
  return [`The method is chosen on few images of ${names} of '${name}': another draw may choose another one.`]
}

function smallClasses(counts: readonly number[]): number[] {
  return counts.flatMap((count, c) => (count < FEW ? [c] : []))
}
