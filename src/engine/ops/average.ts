import { size } from '../graph/shape.ts'
import type { FloatTensor } from '../graph/tensor.ts'
import { multiply } from './elementwise.ts'
import { sum } from './reduce.ts'

/** Mean over `axes`, which stay with size 1, or over all elements to a scalar. */
export function mean(x: FloatTensor, axes?: readonly number[]): FloatTensor {
  const total = sum(x, axes)
  return multiply(total, size(total.shape) / size(x.shape))
}
