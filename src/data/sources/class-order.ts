import { byCodePoint } from './image-folder/listing.ts'

/** Labels as they come, in the order of the classes that they are: by number where all are whole numbers, else by code point. */
export function inOrderOfClasses(labels: ReadonlySet<string>): string[] {
  const areNumbers = [...labels].every((label) => /^-?\d+$/.test(label))
  return [...labels].sort((a, b) => (areNumbers ? Number(a) - Number(b) : 0) || byCodePoint(a, b))
}
