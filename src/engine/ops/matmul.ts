import { size } from '../graph/shape.ts'
import { areFloats, defineOp, type FloatTensor, shapeError } from '../graph/tensor.ts'
import { sum } from './reduce.ts'

interface MatmulAttributes {
  readonly transposeA: boolean
  readonly transposeB: boolean
}

const matmulOp = defineOp<MatmulAttributes>({
  name: 'matmul',
  infer: (inputs, { transposeA, transposeB }) => {
    const [a, b] = inputs.map((t) => t.shape) as [number[], number[]]
    const [m, k] = transposeA ? [a[1], a[0]] : a
    const [l, n] = transposeB ? [b[1], b[0]] : b
    if (!areFloats(inputs) || a.length !== 2 || b.length !== 2 || k !== l) {
      const letters = `${transposeA ? '[K, M]' : '[M, K]'} and ${transposeB ? '[N, K]' : '[K, N]'}`
      throw shapeError('matmul', `float32 ${letters}`, inputs)
    }
    return { dtype: 'float32', shape: [m!, n!] }
  },
  // Y = A B: dA = dY Bᵀ, dB = Aᵀ dY; a transposed operand gets its gradient transposed.
  gradient: (dy, node) => {
    const [a, b] = node.inputs as [FloatTensor, FloatTensor]
    const { transposeA, transposeB } = node.attributes
    return [
      transposeA
        ? matmul(b, dy, { transposeA: transposeB, transposeB: true })
        : matmul(dy, b, { transposeB: !transposeB }),
      transposeB
        ? matmul(dy, a, { transposeA: true, transposeB: transposeA })
        : matmul(a, dy, { transposeA: !transposeA }),
    ]
  },
  flops: ({ inputs: [a], shape, attributes: { transposeA } }) => 2 * size(shape) * a!.shape[transposeA ? 0 : 1]!,
  lower: (emit, inputs, { attributes: { transposeA, transposeB } }) =>
    emit.node('Gemm', inputs, { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 }),
})

/** Matrix product [M, K] x [K, N] -> [M, N], either operand given transposed. */
export function matmul(a: FloatTensor, b: FloatTensor, options: Partial<MatmulAttributes> = {}): FloatTensor {
  return matmulOp([a, b], { transposeA: options.transposeA ?? false, transposeB: options.transposeB ?? false })
}

const denseOp = defineOp<object>({
  name: 'dense',
  infer: (inputs) => {
    const [x, weights, bias] = inputs.map((t) => t.shape) as [number[], number[], number[]]
    const fits = areFloats(inputs) && x.length === 2 && weights.length === 2 && bias.length === 1
    if (!fits || x[1] !== weights[1] || bias[0] !== weights[0]) {
      throw shapeError('dense', 'float32 x [N, in], weights [out, in] and bias [out]', inputs)
    }
    return { dtype: 'float32', shape: [x[0]!, weights[0]!] }
  },
  gradient: (dy, node) => {
    const [x, weights] = node.inputs as [FloatTensor, FloatTensor]
    return [matmul(dy, weights), matmul(dy, x, { transposeA: true }), sum(dy, [0], false)]
  },
  flops: ({ inputs: [x], shape }) => 2 * size(shape) * x!.shape[1]!,
  lower: (emit, inputs) => emit.node('Gemm', inputs, { transB: 1 }),
})

/** x weightsᵀ + bias: x [N, in], weights [out, in], bias [out] -> [N, out]. */
export function dense(x: FloatTensor, weights: FloatTensor, bias: FloatTensor): FloatTensor {
  return denseOp([x, weights, bias], {})
}
