import { describe, expect, it } from 'vitest'
import {
  add,
  averagePool2d,
  broadcastTo,
  concat,
  constant,
  conv2d,
  dense,
  type FloatTensor,
  input,
  log,
  logSoftmax,
  matmul,
  maxPool2d,
  pad,
  reshape,
  type Shape,
  slice,
  softmaxCrossEntropy,
  sum,
  transpose,
} from '../index.ts'
import { conv2dInputGradient, conv2dWeightGradient } from './conv.ts'

const float = (...shape: number[]) => input('x', 'float32', shape)
/** Integers where only floats go, as plain JavaScript would let through. */
const bytes = (...shape: number[]) => input('x', 'uint8', shape) as unknown as FloatTensor
const geometry = { stride: [2, 2], pad: [1, 1] } as const

/** What was tried, and the whole sentence that it earns. */
const mistakes: Readonly<Record<string, readonly [attempt: () => unknown, sentence: string]>> = {
  'add: sizes that do not broadcast': [
    () => add(float(2, 3), float(4)),
    'add expects two float32 tensors of shapes that broadcast, got float32[2, 3], float32[4]',
  ],
  'add: integers': [
    () => add(bytes(3), 1),
    'add expects two float32 tensors of shapes that broadcast, got uint8[3], float32[]',
  ],
  'log: integers': [() => log(bytes(2)), 'log expects a float32 tensor, got uint8[2]'],
  'matmul: inner sizes': [
    () => matmul(float(2, 3), float(4, 5)),
    'matmul expects float32 [M, K] and [K, N], got float32[2, 3], float32[4, 5]',
  ],
  'matmul: inner sizes of transposed operands': [
    () => matmul(float(2, 3), float(2, 3), { transposeA: true, transposeB: true }),
    'matmul expects float32 [K, M] and [N, K], got float32[2, 3], float32[2, 3]',
  ],
  'conv2d: a stride of 0': [
    () => conv2d(float(1, 1, 5, 5), float(1, 1, 3, 3), undefined, { stride: [1, 0] }),
    "conv2d's stride must be whole numbers >= 1, got 0",
  ],
  'conv2d: half a pixel of padding': [
    () => conv2d(float(1, 1, 5, 5), float(1, 1, 3, 3), undefined, { pad: [0.5, 0] }),
    "conv2d's pad must be whole numbers >= 0, got 0.5",
  ],
  'maxPool2d: a negative stride': [
    () => maxPool2d(float(1, 1, 5, 5), { kernel: [2, 2], stride: [-1, 1] }),
    "maxPool2d's stride must be whole numbers >= 1, got -1",
  ],
  'dense: a bias of another length': [
    () => dense(float(8, 4), float(3, 4), float(4)),
    'dense expects float32 x [N, in], weights [out, in] and bias [out], got float32[8, 4], float32[3, 4], float32[4]',
  ],
  'conv2d: other channels': [
    () => conv2d(float(1, 3, 8, 8), float(4, 1, 3, 3)),
    'conv2d expects float32 x [N, in, H, W] and weights [out, in, h, w] that fit at stride 1x1, pad 0x0, ' +
      'got float32[1, 3, 8, 8], float32[4, 1, 3, 3]',
  ],
  'conv2d: a kernel larger than the image': [
    () => conv2d(float(1, 1, 2, 8), float(4, 1, 5, 5), undefined, geometry),
    'conv2d expects float32 x [N, in, H, W] and weights [out, in, h, w] that fit at stride 2x2, pad 1x1, ' +
      'got float32[1, 1, 2, 8], float32[4, 1, 5, 5]',
  ],
  'conv2d: pixels that were not made floats': [
    () => conv2d(bytes(1, 1, 8, 8), float(4, 1, 3, 3)),
    'conv2d expects float32 x [N, in, H, W] and weights [out, in, h, w] that fit at stride 1x1, pad 0x0, ' +
      'got uint8[1, 1, 8, 8], float32[4, 1, 3, 3]',
  ],
  'conv2d: a bias of another length': [
    () => conv2d(float(1, 1, 8, 8), float(4, 1, 3, 3), float(3)),
    'conv2d expects weights [out, in, h, w] and bias [out], got float32[4, 1, 3, 3], float32[3]',
  ],
  'conv2dInputGradient: a gradient of another size': [
    () => conv2dInputGradient(float(1, 4, 5, 5), float(4, 1, 3, 3), { ...geometry, input: [8, 8] }),
    'conv2dInputGradient expects a result gradient of 4x4 for input 8x8, got float32[1, 4, 5, 5], float32[4, 1, 3, 3]',
  ],
  'conv2dWeightGradient: a gradient of another size': [
    () => conv2dWeightGradient(float(1, 1, 8, 8), float(1, 4, 5, 5), { ...geometry, kernel: [3, 3] }),
    'conv2dWeightGradient expects a result gradient of 4x4 for input 8x8, got float32[1, 1, 8, 8], float32[1, 4, 5, 5]',
  ],
  'maxPool2d: an image smaller than the window': [
    () => maxPool2d(float(1, 1, 1, 8), { kernel: [2, 2] }),
    'maxPool2d expects float32 x [N, C, H, W] of at least 2x2, got float32[1, 1, 1, 8]',
  ],
  'maxPool2d: no image': [
    () => maxPool2d(float(4, 4), { kernel: [2, 2] }),
    'maxPool2d expects float32 x [N, C, H, W] of at least 2x2, got float32[4, 4]',
  ],
  'maxPool2d: a rim as wide as the window': [
    () => maxPool2d(float(1, 1, 8, 8), { kernel: [2, 2], pad: [2, 2] }),
    'maxPool2d expects float32 x [N, C, H, W] of at least 1x1 and a pad below the kernel of 2x2, got float32[1, 1, 8, 8]',
  ],
  'averagePool2d: an image smaller than the window': [
    () => averagePool2d(float(1, 1, 2, 8), { kernel: [5, 5], pad: [1, 1] }),
    'averagePool2d expects float32 x [N, C, H, W] of at least 3x3 and a pad below the kernel of 5x5, got float32[1, 1, 2, 8]',
  ],
  'concat: sizes that differ beside the axis': [
    () => concat([float(2, 3), float(4, 5)], 0),
    'concat expects float32 tensors that differ in axis 0 alone, got float32[2, 3], float32[4, 5]',
  ],
  'slice: a range beyond the end': [
    () => slice(float(2, 3), [0, 1], [2, 4]),
    'slice expects a float32 tensor that holds [0, 1] to [2, 4] in steps of [1, 1], got float32[2, 3]',
  ],
  'pad: margins for other axes': [
    () => pad(float(2, 3), [1], [0]),
    'pad expects a float32 tensor for margins [1] and [0], got float32[2, 3]',
  ],
  'sum: an axis that there is not': [
    () => sum(float(2, 3), [2]),
    'sum expects a float32 tensor with axes 2, got float32[2, 3]',
  ],
  'broadcastTo: a size that is not 1': [
    () => broadcastTo(float(2, 3), [4, 3]),
    'broadcast expects a float32 tensor that broadcasts to [4, 3], got float32[2, 3]',
  ],
  'broadcastTo: fewer axes': [
    () => broadcastTo(float(1, 3), [3]),
    'broadcast expects a float32 tensor that broadcasts to [3], got float32[1, 3]',
  ],
  'reshape: another number of elements': [
    () => reshape(float(2, 3), [4, 2]),
    'reshape expects a tensor of 8 elements for [4, 2], got float32[2, 3]',
  ],
  'transpose: an axis twice': [
    () => transpose(float(2, 3), [1, 1]),
    'transpose expects a tensor whose axes 1, 1 reorders, got float32[2, 3]',
  ],
  'logSoftmax: more than rows': [
    () => logSoftmax(float(2, 3, 4)),
    'logSoftmax expects logits float32 [N, C], got float32[2, 3, 4]',
  ],
  'softmaxCrossEntropy: targets of another shape': [
    () => softmaxCrossEntropy(float(4, 3), float(4)),
    'softmaxCrossEntropy expects logits and targets of one shape [N, C], got float32[4, 3], float32[4]',
  ],
  'softmaxCrossEntropy: weights of another length': [
    () => softmaxCrossEntropy(float(4, 3), float(4, 3), float(3)),
    'softmaxCrossEntropy expects logits [N, C] and weights [N], got float32[4, 3], float32[3]',
  ],
  'constant: too few values': [
    () => constant([2, 2], Float32Array.of(1, 2, 3)),
    'constant of shape [2, 2] needs 4 values, got 3',
  ],
}

describe('a shape mistake is told by the op, what it expects and what it got', () => {
  it.each(Object.entries(mistakes))('%s', (_, [attempt, sentence]) => {
    expect(attempt).toThrow(expect.objectContaining({ code: 'engine.shape', message: sentence }))
  })

  it('while shapes that fit are taken', () => {
    const shapes: Shape[] = [
      conv2d(float(1, 1, 8, 9), float(4, 1, 3, 3), undefined, geometry).shape,
      maxPool2d(float(1, 1, 5, 4), { kernel: [2, 2] }).shape,
      transpose(float(2, 3, 4), [2, 0, 1]).shape,
    ]
    expect(shapes).toEqual([
      [1, 4, 4, 5],
      [1, 1, 2, 2],
      [4, 2, 3],
    ])
  })
})
