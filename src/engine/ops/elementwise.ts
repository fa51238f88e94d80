import type { DType, Shape } from '../graph/shape.ts'
import { areFloats, defineOp, type FloatTensor, type OpRules, shapeError, type Tensor } from '../graph/tensor.ts'
import { scalar } from './leaf.ts'
import { pointwise } from './pointwise.ts'
import { sumTo } from './reduce.ts'

/** Operations on each element; two operands broadcast as in NumPy: sizes align from the right, 1 stretches. */

/** Shape of a broadcast, or undefined where two sizes differ and neither is 1. */
function broadcastShape(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length)
  const shape: number[] = []
  for (let i = 0; i < rank; i++) {
    const m = a[a.length - rank + i] ?? 1
    const n = b[b.length - rank + i] ?? 1
    if (m !== n && m !== 1 && n !== 1) return undefined
    shape.push(m === 1 ? n : m)
  }
  return shape
}

type BinaryGradient = (dy: FloatTensor, a: FloatTensor, b: FloatTensor, y: FloatTensor) => [FloatTensor, FloatTensor]

function binary(name: string, type: string, gradient: BinaryGradient) {
  const op = defineOp<object>({
    name,
    infer: (inputs) => {
      const [a, b] = inputs as [Tensor, Tensor]
      const shape = broadcastShape(a.shape, b.shape)
      if (!areFloats(inputs) || !shape) {
        throw shapeError(name, 'two float32 tensors of shapes that broadcast', inputs)
      }
      return { dtype: 'float32', shape }
    },
    gradient: (dy, node) => {
      const [a, b] = node.inputs as [FloatTensor, FloatTensor]
      const [da, db] = gradient(dy, a, b, node as FloatTensor)
      return [sumTo(da, a.shape), sumTo(db, b.shape)]
    },
    lower: (emit, inputs, node) => pointwise(emit, inputs, node, (operands) => emit.node(type, operands)),
  })
  return (a: FloatTensor | number, b: FloatTensor | number): FloatTensor => op([lift(a), lift(b)], {})
}

function lift(value: FloatTensor | number): FloatTensor {
  return typeof value === 'number' ? scalar(value) : value
}

/** a + b. */
export const add = binary('add', 'Add', (dy) => [dy, dy])
/** a - b. */
export const subtract = binary('subtract', 'Sub', (dy) => [dy, negate(dy)])
/** a * b. */
export const multiply = binary('multiply', 'Mul', (dy, a, b) => [multiply(dy, b), multiply(dy, a)])
/** a / b; d/db = -y / b. */
export const divide = binary('divide', 'Div', (dy, _a, b, y) => {
  const da = divide(dy, b)
  return [da, negate(multiply(da, y))]
})

type LoweringRule = OpRules<object>['lower']
type UnaryGradient = (dy: FloatTensor, x: FloatTensor, y: FloatTensor) => FloatTensor

function unary(name: string, lower: string | LoweringRule, gradient: UnaryGradient) {
  const op = defineOp<object>({
    name,
    infer: (inputs) => {
      if (inputs[0]!.dtype !== 'float32') throw shapeError(name, 'a float32 tensor', inputs)
      return { dtype: 'float32', shape: inputs[0]!.shape }
    },
    gradient: (dy, node) => [gradient(dy, node.inputs[0] as FloatTensor, node as FloatTensor)],
    lower:
      typeof lower === 'string'
        ? (emit, inputs, node) => pointwise(emit, inputs, node, (operands) => emit.node(lower, operands))
        : lower,
  })
  return (x: FloatTensor): FloatTensor => op([x], {})
}

/** -x. */
export const negate = unary('negate', 'Neg', (dy) => negate(dy))
/** e^x. */
export const exp = unary('exp', 'Exp', (dy, _x, y) => multiply(dy, y))
/** Natural logarithm; x > 0. */
export const log = unary('log', 'Log', (dy, x) => divide(dy, x))
/** Square root; x > 0 where its gradient is wanted. */
export const sqrt = unary('sqrt', 'Sqrt', (dy, _x, y) => divide(multiply(dy, 0.5), y))
/** -1, 0 or 1; its derivative is taken as 0, so it may stand in masks. */
export const sign = unary('sign', 'Sign', (dy) => multiply(dy, 0))

// A sigmoid so steep that every positive number gives 1: much faster than the runtime's comparisons and Sign.
/** 1 where x > 0, else 0; its derivative is taken as 0, so it may stand in masks. */
const isPositive = unary(
  'isPositive',
  (emit, inputs, node) =>
    pointwise(emit, inputs, node, (operands) =>
      emit.node('HardSigmoid', operands, { alpha: { float: 3e38 }, beta: { float: 0 } }),
    ),
  (dy) => multiply(dy, 0),
)

/** max(x, 0); the derivative at 0 is 0, as in PyTorch and Caffe. y > 0 exactly where x > 0, so the mask is had from it. */
export const relu = unary(
  'relu',
  (emit, inputs, node) =>
    emit.rectified(inputs[0]!) ?? pointwise(emit, inputs, node, (operands) => emit.node('Relu', operands)),
  (dy, _x, y) => multiply(dy, isPositive(y)),
)

const castOp = defineOp<object>({
  name: 'cast',
  infer: (inputs) => ({ dtype: 'float32', shape: inputs[0]!.shape }),
  gradient: () => [undefined],
  lower: (emit, inputs) => emit.node('Cast', inputs, { to: 1 /* TensorProto.FLOAT */ }),
})

/** Integers as float32: pixels cross the border as bytes and become numbers here. */
export function toFloat(x: Tensor<DType>): FloatTensor {
  return castOp([x], {})
}
