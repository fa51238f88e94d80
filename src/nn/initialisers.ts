import { type Random, random } from '../base/random.ts'
import { size } from '../engine/index.ts'
import type { Initialiser, Named, Parameter } from './parameter.ts'

function drawOne(initialiser: Initialiser, { fanIn, fanOut }: Parameter, stream: Random): number {
  switch (initialiser.kind) {
    case 'xavier':
      return (2 * stream.uniform() - 1) * Math.sqrt(3 / fanIn)
    case 'he':
      return stream.normal() * Math.sqrt(2 / (initialiser.fan === 'out' ? fanOut : fanIn))
    case 'normal':
      return stream.normal() * initialiser.sd
    case 'constant':
      return initialiser.value
  }
}

/**
 * Starting values by name: as the parameter says itself, else as `initialiser` says. Each parameter has a stream of its own, so a
 * layer added elsewhere changes no other.
 */
export function initialise(
  parameters: readonly Parameter[],
  initialiser: Initialiser,
  seed: readonly (string | number)[],
): Named<Float32Array> {
  const draw = (parameter: Parameter) => {
    const stream = random(...seed, 'initialise', parameter.name)
    const start = parameter.start ?? initialiser
    return new Float32Array(size(parameter.shape)).map(() => drawOne(start, parameter, stream))
  }
  return Object.fromEntries(parameters.map((parameter) => [parameter.name, draw(parameter)]))
}
