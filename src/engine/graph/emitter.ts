import type { DType, Shape } from './shape.ts'
import type { Form, Target } from './target.ts'

/** Attribute values that ONNX operators take: integers, lists of integers, strings, and floats, which say so. */
export type AttributeValue = number | readonly number[] | string | { readonly float: number }

export type TensorData = Float32Array | Uint8Array | BigInt64Array

/**
 * What an op's lowering rule sees of the model being written. Equal requests give the same names back, so an op and its
 * gradient may both ask for, say, the indices of a max-pool and share one node.
 */
export interface Emitter {
  /** What the model is written for. */
  readonly target: Target
  /** Says which form the operation being lowered takes, for who profiles it. */
  takes(form: Form): void
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
  /**
   * Images [N, C, H, W] with channels in blocks of `target.blockSize`, [N, C / b, H, W, b]: as they are where they were computed
   * so, else reordered once for all readers. The shape that the runtime sees stays [N, C, H, W].
   */
  blocked(name: string): string
  /**
   * Names a value [N, ...rest] that is computed in another layout than a plain one, when somebody reads it: as a whole,
   * reordered where the reader wants it plain, or in another of its forms.
   */
  defer(shape: Shape, forms: DeferredForms): string
  /** The layout in which a value is computed. */
  layout(name: string): Layout
  /** max(value, 0), where the value's own computation can take that on and nobody else reads it; as a name, not yet computed. */
  rectified(name: string): string | undefined
  /** A deferred value cut by the places of a pooling kernel, where it can be computed so. */
  places(name: string, kernel: readonly [number, number]): readonly string[] | undefined
  /** A deferred value that is there in places, as a pooling's gradient is. */
  placed(name: string): PlacedParts | undefined
}

/** How a value lies in memory: in row-major order, with the batch innermost, or with channels in blocks. */
export type Layout = 'plain' | 'batch-last' | 'blocked'

/** The ways to compute a deferred value; each emits its nodes when it is asked for. The first two are its layout: it has one. */
export interface DeferredForms {
  /** [...rest, N] */
  batchLast?(): string
  /** [N, C / b, H, W, b] */
  blocked?(): string
  /** As `blocked`, and negative numbers made 0. */
  rectified?(): string
  /** For a value that can be computed place by place of any pooling kernel. */
  places?(kernel: readonly [number, number]): readonly string[] | undefined
  /** For a value that is computed place by place of one kernel. */
  readonly placed?: PlacedParts
}

/**
 * Images [N, C, H, W] cut by their places in windows of `kernel` without overlap: kernel[0] * kernel[1] parts [C, H', W', N] in
 * row-major order, the first holding the first place of each window. Pooling then is a maximum of parts.
 */
export interface PlacedParts {
  readonly kernel: readonly [number, number]
  readonly parts: readonly string[]
}
