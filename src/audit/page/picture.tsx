import { printable } from '../../base/printable.ts'
import type { Pictures } from '../pictures.ts'

interface PictureProps {
  readonly pictures: Pictures
  readonly index: number
  /** What a screen reader says. */
  readonly name: string
}

/** A small picture of an image; its name alone where there is no picture. */
export function Picture({ pictures, index, name }: PictureProps) {
  const source = pictures.get(index)
  const text = printable(name)
  return source === undefined ? <span class="picture">{text}</span> : <img class="picture" src={source} alt={text} />
}
