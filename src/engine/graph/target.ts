/** Where a program runs. */
export type Device = 'cpu' | 'webgpu' | 'cuda'

export const devices: readonly Device[] = ['cpu', 'webgpu', 'cuda']

/** What a lowering rule may choose its form by, beside the shapes. */
export interface Target {
  readonly device: Device
  /** Channels in a block of the runtime's own convolution kernels on this machine; 1 where it has none. */
  readonly blockSize: number
  /** Taken wherever it can be, instead of what the cost rule says: for tests and comparisons. */
  readonly form?: Form
}

/** The layout that a convolution is computed in; see ops/conv-forms.ts. */
export type Form = 'blocked' | 'batch-last' | 'plain'

/** The CPU, by the operators that every machine has. */
export const plainTarget: Target = { device: 'cpu', blockSize: 1 }

/** Any runtime: the standard's own operators on images [N, C, H, W], in which no size of a batch is written down. */
export const portableTarget: Target = { ...plainTarget, form: 'plain' }
