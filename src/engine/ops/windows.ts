/** The geometry of a convolution or pooling as its lowering forms need it. */
export interface Windows {
  readonly kernel: Pair
  readonly stride: Pair
  /** Zeros on each side. */
  readonly pad: Pair
  /** [H, W] */
  readonly input: Pair
  /** [H', W'] */
  readonly output: Pair
}

export type Pair = readonly [vertical: number, horizontal: number]
