export {
  type AffineOptions,
  type Conv2dOptions,
  type CosineDenseOptions,
  conv2d,
  cosineDense,
  dense,
} from './affine.ts'
export { type BatchNormOptions, batchNorm } from './batch-norm.ts'
export { type Layer, type LayerFactory, residual, sequential } from './layer.ts'
export { dropout, flatten, leakyRelu, relu } from './pointwise.ts'
export { averagePool, globalAveragePool, maxPool, type PoolOptions, shrink } from './pooling.ts'
export { globalContrast, whiten, whiteningParameters } from './whitening.ts'
