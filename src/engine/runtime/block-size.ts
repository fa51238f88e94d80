import { toOnnx } from '../onnx/model.ts'
import { inBlockOrder } from '../ops/blocked.ts'
import { input } from '../ops/leaf.ts'

let found: Promise<number> | undefined

/**
 * Channels in a block of the runtime's convolution kernels on this processor: 8 with AVX2, 16 with AVX-512, 1 where it has none. The
 * runtime does not tell, so it is asked to put known numbers into blocks, once a process.
 */
export function findBlockSize(runtime: typeof import('onnxruntime-node')): Promise<number> {
  found ??= probe(runtime)
  return found
}

/** More than any block, and whole blocks of any size. */
const CHANNELS = 64

async function probe(runtime: typeof import('onnxruntime-node')): Promise<number> {
  const shape = [1, CHANNELS, 1, 2]
  const model = toOnnx({ order: inBlockOrder(input('images', 'float32', shape)) })
  try {
    const session = await runtime.InferenceSession.create(model, { executionProviders: ['cpu'], logSeverityLevel: 4 })
    // Each number is its channel; a row of two pixels repeats a block's channels.
    const channels = Float32Array.from({ length: 2 * CHANNELS }, (_, i) => i >> 1)
    const { order } = await session.run({ images: new runtime.Tensor('float32', channels, shape) })
    await session.release()
    return blockOf(order!.data as Float32Array)
  } catch {
    return 1
  }
}

function blockOf(order: Float32Array): number {
  const size = order.indexOf(0, 1)
  const expected = order.map((_, i) => Math.floor(i / (2 * size)) * size + (i % size))
  return size > 1 && order.every((channel, i) => channel === expected[i]) ? size : 1
}
