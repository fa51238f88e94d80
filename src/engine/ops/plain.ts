import type { AttributeValue, Emitter } from '../graph/emitter.ts'
import type { Shape } from '../graph/shape.ts'
import type { Pair, Windows } from './windows.ts'

/** Lowering forms of convolution that every device has: the standard's own operators on images [N, C, H, W]. */

const onnxPads = ([vertical, horizontal]: Pair) => [vertical, horizontal, vertical, horizontal]

/** x [N, C, H, W], weights [O, C, h, w], bias [O] -> [N, O, H', W']. */
export function convolve(emit: Emitter, inputs: readonly string[], shapes: readonly Shape[], windows: Windows): string {
  const { stride, pad } = windows
  return conv(emit, inputs, shapes[0]![1]!, { strides: stride, pads: onnxPads(pad) })
}

/**
 * WebGPU's kernel (onnxruntime 1.30) computes wrong sums where the input's channels are 6, 9, 15, 18...: a multiple of 3, not of 4. There
 * channels of zeros fill them up.
 */
function conv(
  emit: Emitter,
  inputs: readonly string[],
  channels: number,
  attributes: Record<string, AttributeValue>,
): string {
  if (emit.target.device !== 'webgpu' || channels === 3 || channels % 3 !== 0 || channels % 4 === 0) {
    return emit.node('Conv', inputs, attributes)
  }
  const [x, weights, ...bias] = inputs as [string, string, ...string[]]
  const filled = [x, weights].map((name) =>
    emit.node('Pad', [name, emit.integers([0, 0, 0, 0, 0, 4 - (channels % 4), 0, 0])]),
  )
  return emit.node('Conv', [...filled, ...bias], attributes)
}

/** dy [N, O, H', W'], weights [O, C, h, w] -> dx [N, C, H, W]. */
export function inputGradient(
  emit: Emitter,
  inputs: readonly string[],
  _shapes: readonly Shape[],
  windows: Windows,
): string {
  const { kernel, stride, pad, input, output } = windows
  // Rows and columns at the far edge that no window reached.
  const rest = input.map((n, axis) => n - ((output[axis]! - 1) * stride[axis]! + kernel[axis]! - 2 * pad[axis]!))
  return emit.node('ConvTranspose', inputs, { strides: stride, pads: onnxPads(pad), output_padding: rest })
}

/**
 * x [N, C, H, W], dy [N, O, H', W'] -> the weights' gradient [O, C, h, w]. A convolution again: examples and channels change
 * places, the gradient slides over x as a kernel dilated by the stride. Where the stride left a rest at the edge, the result is
 * larger than the kernel and is cut.
 */
export function weightGradient(
  emit: Emitter,
  inputs: readonly string[],
  shapes: readonly Shape[],
  { kernel, stride, pad, input, output }: Windows,
): string {
  const batch = shapes[0]![0]!
  const exchanged = inputs.map((name) => emit.node('Transpose', [name], { perm: [1, 0, 2, 3] }))
  const full = conv(emit, exchanged, batch, { dilations: stride, pads: onnxPads(pad) })
  const reached = input.map((n, axis) => n + 2 * pad[axis]! - (output[axis]! - 1) * stride[axis]!)
  const cut = reached.every((n, axis) => n === kernel[axis])
    ? full
    : emit.node('Slice', [full, emit.integers([0, 0]), emit.integers(kernel), emit.integers([2, 3])])
  return emit.node('Transpose', [cut], { perm: [1, 0, 2, 3] })
}
