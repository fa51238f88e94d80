/** Element types that cross the engine's border; everything inside computes in float32. */
export type DType = 'float32' | 'uint8' | 'int64' | 'bool'

/** Sizes from the outermost dimension inwards; [] is a scalar. All sizes are known when a graph is built. */
export type Shape = readonly number[]

/** Number of elements; 1 for a scalar. */
export function size(shape: Shape): number {
  return shape.reduce((product, n) => product * n, 1)
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i])
}

/** `float32[64, 20, 24, 24]`, as dumps and errors print it. */
export function describe(tensor: { dtype: DType; shape: Shape }): string {
  return `${tensor.dtype}[${tensor.shape.join(', ')}]`
}
