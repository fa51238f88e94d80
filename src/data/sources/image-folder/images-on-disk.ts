import { closeSync, openSync, readSync } from 'node:fs'
import { EvenkeelError } from '../../../base/errors.ts'
import type { ImageStore } from '../../images.ts'
import { bytesOf, type StoredImage, sha256 } from './cache-part.ts'

/** A decoded image, and the file of the part that holds it. */
export interface CachedImage extends StoredImage {
  readonly part: string
}

export interface ImagesOnDisk extends ImageStore {
  /** Whether the pixels of an image are those that were written. */
  isSound(index: number): boolean
  close(): void
}

const SHA256_BYTES = 32

/**
 * Images that are read from the cache one by one, as they are asked for: memory holds where they lie, and the last one. An image is
 * checked when it is read for the first time, and an error if it is not the one that was written.
 */
export function imagesOnDisk(images: readonly CachedImage[]): ImagesOnDisk {
  const count = images.length
  const files = [...new Set(images.map(({ part }) => part))].map((path) => ({ path, descriptor: openSync(path, 'r') }))
  const indexOf = new Map(files.map(({ path }, index) => [path, index]))
  const file = Uint16Array.from(images, ({ part }) => indexOf.get(part)!)
  const offset = Float64Array.from(images, (image) => image.offset)
  // A length can be 65,536: 16 times the largest side.
  const height = Uint32Array.from(images, (image) => image.height)
  const width = Uint32Array.from(images, (image) => image.width)
  const checksums = Buffer.alloc(count * SHA256_BYTES)
  images.forEach((image, index) => {
    checksums.write(image.sha256, index * SHA256_BYTES, 'hex')
  })
  const checked = new Uint8Array(count)
  const memory = new Uint8Array(images.reduce((most, image) => Math.max(most, bytesOf(image)), 0))
  const sizeOf = (index: number) => ({ height: height[index]!, width: width[index]! })
  const pathOf = (index: number) => files[file[index]!]!.path
  const readUnchecked = (index: number) => {
    const pixels = memory.subarray(0, bytesOf(sizeOf(index)))
    if (readSync(files[file[index]!]!.descriptor, pixels, 0, pixels.length, offset[index]!) < pixels.length) {
      throw new EvenkeelError(
        'data.cache',
        `${pathOf(index)} became shorter while it was read`,
        'run again: what is missing is decoded anew',
      )
    }
    return pixels
  }
  const isWhatWasWritten = (pixels: Uint8Array, index: number) =>
    sha256(pixels).equals(checksums.subarray(index * SHA256_BYTES, (index + 1) * SHA256_BYTES))
  return {
    count,
    sizeOf,
    isSound: (index) => isWhatWasWritten(readUnchecked(index), index),
    read(index) {
      const pixels = readUnchecked(index)
      if (checked[index] === 0 && !isWhatWasWritten(pixels, index)) {
        throw new EvenkeelError(
          'data.cache',
          `${pathOf(index)} is damaged: image ${index} (counted from 0) is not what was written`,
          'remove that file and run again: what it held is decoded anew',
        )
      }
      checked[index] = 1
      return pixels
    },
    close() {
      for (const { descriptor } of files) closeSync(descriptor)
    },
  }
}
