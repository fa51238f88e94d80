/** The images that a benchmark of whole runs needs: MNIST where its folder is given, else made-up ones of the same size. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { boxes } from '../problem.mjs'

const parts = { train: 60_000, t10k: 10_000 }

/**
 * Calls `work` with a folder that holds the four IDX files and with an empty folder, and removes what it made.
 *
 * @template T
 * @param {string | undefined} mnist folder of MNIST
 * @param {(images: string, empty: string) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withImages(mnist, work) {
  const folder = await mkdtemp(join(tmpdir(), 'evenkeel-bench-'))
  try {
    if (!mnist) for (const [part, count] of Object.entries(parts)) await writePart(folder, part, count)
    return await work(mnist ?? folder, join(folder, 'study'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function writePart(folder, part, count) {
  const { pixels, labels } = boxes(count)
  await writeFile(join(folder, `${part}-images-idx3-ubyte`), idx([count, 28, 28], pixels))
  await writeFile(join(folder, `${part}-labels-idx1-ubyte`), idx([count], Uint8Array.from(labels)))
}

/** The IDX format: a magic number with type (8: bytes) and rank, the sizes, the bytes. */
function idx(sizes, bytes) {
  const header = Buffer.alloc(4 + 4 * sizes.length)
  header.writeUInt32BE(0x800 + sizes.length)
  for (const [axis, size] of sizes.entries()) header.writeUInt32BE(size, 4 + 4 * axis)
  return Buffer.concat([header, bytes])
}
