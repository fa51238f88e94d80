import type { DType, Shape } from './shape.ts'

/** Attribute values that ONNX operators take: integers, lists of integers, strings. */
export type AttributeValue = number | readonly number[] | string

export type TensorData = Float32Array | Uint8Array | BigInt64Array

/**
 * What an op's lowering rule sees of the model being written. Equal requests give the same names back, so an op and its
 * gradient may both ask for, say, the indices of a max-pool and share one node.
 */
export interface Emitter {
  /** Adds an ONNX node and returns its first output. */
  node(type: string, inputs: readonly string[], attributes?: Record<string, AttributeValue>): string
  /** Adds an ONNX node and returns its first `outputs` outputs. */
  nodes(type: string, inputs: readonly string[], attributes: Record<string, AttributeValue>, outputs: number): string[]
  /** A constant stored in the model. */
  constant(dtype: DType, shape: Shape, data: TensorData): string
  /** A list of integers as ONNX operators take shapes, axes and starts: int64[n]. */
  integers(values: readonly number[]): string
  /**
   * A value [N, ...rest] in batch-last layout, [...rest, N]: as it is where it was computed so, else by one transpose that all
   * readers share.
   */
  batchLast(name: string, shape: Shape): string
  /** Names a value computed in batch-last layout by its shape [N, ...rest]; it is transposed only if somebody reads it so. */
  fromBatchLast(name: string, shape: Shape): string
  /** Whether a value was computed in batch-last layout. */
  isBatchLast(name: string): boolean
}
