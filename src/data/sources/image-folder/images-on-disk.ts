import { closeSync, openSync, readSync } from 'node:fs'
import { EvenkeelError } from '../../../base/errors.ts'
import type { ImageStore } from '../../images.ts'
import { bytesOf, type StoredImage } from './cache-part.ts'

/** A decoded image, and the file of the part that holds it. */
export interface CachedImage extends StoredImage {
  readonly part: string
}

export interface ImagesOnDisk extends ImageStore {
  close(): void
}

/** Images that are read from the cache one by one, as they are asked for: memory holds where they lie, and the last one. */
export function imagesOnDisk(images: readonly CachedImage[]): ImagesOnDisk {
  const count = images.length
  const files = [...new Set(images.map(({ part }) => part))].map((path) => ({ path, descriptor: openSync(path, 'r') }))
  const indexOf = new Map(files.map(({ path }, index) => [path, index]))
  const file = Uint16Array.from(images, ({ part }) => indexOf.get(part)!)
  const offset = Float64Array.from(images, (image) => image.offset)
  const height = Uint16Array.from(images, (image) => image.height)
  const width = Uint16Array.from(images, (image) => image.width)
  const memory = new Uint8Array(images.reduce((most, image) => Math.max(most, bytesOf(image)), 0))
  const sizeOf = (index: number) => ({ height: height[index]!, width: width[index]! })
  return {
    count,
    sizeOf,
    read(index) {
      const { path, descriptor } = files[file[index]!]!
      const pixels = memory.subarray(0, bytesOf(sizeOf(index)))
      if (readSync(descriptor, pixels, 0, pixels.length, offset[index]!) < pixels.length) {
        throw new EvenkeelError(
          'data.cache',
          `${path} became shorter while it was read`,
          'run again: what is missing is decoded anew',
        )
      }
      return pixels
    },
    close() {
      for (const { descriptor } of files) closeSync(descriptor)
    },
  }
}
