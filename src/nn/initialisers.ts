import { type Random, random } from '../base/random.ts'
import { size } from '../engine/index.ts'
import type { Named, Parameter } from './parameter.ts'

/** How weights are drawn; biases start at 0. */
export type Initialiser =
  /** Caffe's Xavier: uniform in +-sqrt(3 / fanIn), after Glorot and Bengio 2010 with the fan-in alone. */
  | { readonly kind: 'xavier' }
  /** Normal with variance 2 / fanIn (He et al. 2015, equation 10). */
  | { readonly kind: 'he' }
  /** Normal with a given standard deviation. */
  | { readonly kind: 'normal'; readonly sd: number }

function drawOne(initialiser: Initialiser, fanIn: number, stream: Random): number {
  switch (initialiser.kind) {
    case 'xavier':
      return (2 * stream.uniform() - 1) * Math.sqrt(3 / fanIn)
    case 'he':
      return stream.normal() * Math.sqrt(2 / fanIn)
    case 'normal':
      return stream.normal() * initialiser.sd
  }
}

/** Starting values by name. Each parameter has a stream of its own, so a layer added elsewhere changes no other. */
export function initialise(
  parameters: readonly Parameter[],
  initialiser: Initialiser,
  seed: readonly (string | number)[],
): Named<Float32Array> {
  const draw = (parameter: Parameter) => {
    const values = new Float32Array(size(parameter.shape))
    if (parameter.role === 'bias') return values
    const stream = random(...seed, 'initialise', parameter.name)
    return values.map(() => drawOne(initialiser, parameter.fanIn, stream))
  }
  return Object.fromEntries(parameters.map((parameter) => [parameter.name, draw(parameter)]))
}
