import type { Emitter } from '../graph/emitter.ts'
import { type Shape, size } from '../graph/shape.ts'
import { areFloats, defineOp, type FloatTensor, shapeError } from '../graph/tensor.ts'
import { maxPool, maxPoolGradient, type PoolWindows } from './batch-last.ts'
import { windows } from './conv.ts'

/** Max-pooling: the largest value of each window. Among equals the first in row-major order gets the gradient. */
export interface PoolGeometry {
  readonly kernel: readonly [number, number]
  readonly stride: readonly [number, number]
}

/** Windows without overlap are cheapest in batch-last layout, where the values are in it already. */
function followsBatchLast(emit: Emitter, x: string, { kernel, stride }: PoolGeometry): boolean {
  return emit.layout(x) === 'batch-last' && kernel[0] === stride[0] && kernel[1] === stride[1]
}

function windowsOf({ kernel }: PoolGeometry, shape: Shape): PoolWindows {
  return { kernel, output: [shape[2]!, shape[3]!] }
}

const attributesOf = ({ kernel, stride }: PoolGeometry) => ({ kernel_shape: kernel, strides: stride })

const maxPoolOp = defineOp<PoolGeometry>({
  name: 'maxPool2d',
  infer: (inputs, { kernel, stride }) => {
    const { shape } = inputs[0]!
    const out = [0, 1].map((axis) => windows(shape[2 + axis]!, kernel[axis]!, stride[axis]!, 0))
    if (!areFloats(inputs) || shape.length !== 4 || !out.every((n) => n >= 1)) {
      throw shapeError('maxPool2d', `float32 x [N, C, H, W] of at least ${kernel.join('x')}`, inputs)
    }
    return { dtype: 'float32', shape: [shape[0]!, shape[1]!, ...out] }
  },
  gradient: (dy, node) => [maxPool2dGradient(node.inputs[0] as FloatTensor, dy, node.attributes)],
  lower: (emit, inputs, node) =>
    followsBatchLast(emit, inputs[0]!, node.attributes)
      ? maxPool(emit, inputs[0]!, node.inputs[0]!.shape, windowsOf(node.attributes, node.shape))
      : emit.node('MaxPool', inputs, attributesOf(node.attributes)),
})

/** Maximum over each kernel-sized window: x [N, C, H, W] -> [N, C, H', W']. The stride defaults to the kernel. */
export function maxPool2d(
  x: FloatTensor,
  { kernel, stride = kernel }: { kernel: PoolGeometry['kernel']; stride?: PoolGeometry['stride'] },
): FloatTensor {
  return maxPoolOp([x], { kernel, stride })
}

const maxPoolGradientOp = defineOp<PoolGeometry>({
  name: 'maxPool2dGradient',
  infer: (inputs) => ({ dtype: 'float32', shape: inputs[0]!.shape }),
  gradient: 'none',
  // The pooling's own node is asked for its indices too (flat positions in x), so the windows are searched once.
  lower: (emit, inputs, node) => {
    const [x, dy] = node.inputs as [FloatTensor, FloatTensor]
    if (followsBatchLast(emit, inputs[0]!, node.attributes)) {
      return maxPoolGradient(emit, inputs, x.shape, windowsOf(node.attributes, dy.shape))
    }
    const [, indices] = emit.nodes('MaxPool', [inputs[0]!], attributesOf(node.attributes), 2)
    const flat = (name: string, n: number) => emit.node('Reshape', [name, emit.integers([n])])
    const zeros = emit.node('ConstantOfShape', [emit.integers([size(x.shape)])])
    const scattered = emit.node(
      'ScatterElements',
      [zeros, flat(indices!, size(dy.shape)), flat(inputs[1]!, size(dy.shape))],
      { axis: 0, reduction: 'add' },
    )
    return emit.node('Reshape', [scattered, emit.integers(x.shape)])
  },
})

function maxPool2dGradient(x: FloatTensor, dy: FloatTensor, geometry: PoolGeometry): FloatTensor {
  return maxPoolGradientOp([x, dy], geometry)
}
