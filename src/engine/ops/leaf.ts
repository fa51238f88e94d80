import { EvenkeelError } from '../../base/errors.ts'
import type { TensorData } from '../graph/emitter.ts'
import { type DType, type Shape, size } from '../graph/shape.ts'
import { defineOp, type FloatTensor, type Tensor } from '../graph/tensor.ts'

/** The leaves of a graph: what is fed at each run, and what never changes. */

interface InputAttributes {
  readonly name: string
  readonly dtype: DType
  readonly shape: Shape
}

const inputOp = defineOp<InputAttributes, DType>({
  name: 'input',
  infer: (_, { dtype, shape }) => ({ dtype, shape }),
  gradient: () => [],
  lower: (_emit, _inputs, node) => node.attributes.name,
})

/** A value given at each run under `name`, which must be unique in a program. */
export function input<D extends DType>(name: string, dtype: D, shape: Shape): Tensor<D> {
  return inputOp([], { name, dtype, shape }) as Tensor<D>
}

/** The name of an input, or undefined for any other tensor. */
export function inputName(tensor: Tensor): string | undefined {
  return tensor.op.name === 'input' ? (tensor.attributes as InputAttributes).name : undefined
}

interface ConstantAttributes {
  readonly dtype: DType
  readonly shape: Shape
  readonly data: TensorData
}

const constantOp = defineOp<ConstantAttributes, DType>({
  name: 'constant',
  infer: (_, { dtype, shape, data }) => {
    if (data.length !== size(shape)) {
      throw new EvenkeelError(
        'engine.shape',
        `constant of shape [${shape.join(', ')}] needs ${size(shape)} values, got ${data.length}`,
      )
    }
    return { dtype, shape }
  },
  gradient: () => [],
  lower: (emit, _inputs, { attributes: { dtype, shape, data } }) => emit.constant(dtype, shape, data),
})

/** float32 values stored in the program. */
export function constant(shape: Shape, data: Float32Array): FloatTensor {
  return constantOp([], { dtype: 'float32', shape, data }) as FloatTensor
}

/** A float32 scalar stored in the program. */
export function scalar(value: number): FloatTensor {
  return constant([], Float32Array.of(value))
}

/** The numbers of a float32 constant, or undefined for any other tensor. */
export function constantData({ op, dtype, attributes }: Tensor): Float32Array | undefined {
  return op.name === 'constant' && dtype === 'float32'
    ? ((attributes as ConstantAttributes).data as Float32Array)
    : undefined
}
