import { describe, expect, it } from 'vitest'
import { compile, floats, input, softmax } from '../../engine/index.ts'
import { evaluationContext } from '../forward.ts'
import { initialise } from '../initialisers.ts'
import { parametersOf } from '../network.ts'
import { linearProbe } from './linear-probe.ts'

describe('a linear probe', () => {
  const probe = linearProbe({ featureCount: 3, classes: 2 })

  it('has a normalisation and a dense layer, no body, and begins undecided', async () => {
    expect(parametersOf(probe).map(({ name, shape }) => [name, shape])).toEqual([
      ['features.scale', [3]],
      ['features.shift', [3]],
      ['features.mean', [3]],
      ['features.variance', [3]],
      ['dense.weights', [2, 3]],
      ['dense.bias', [2]],
    ])
    const inputs = Object.fromEntries(
      probe.headParameters.map(({ name, shape }) => [name, input(name, 'float32', shape)]),
    )
    const logits = probe.logits(input('features', 'float32', [1, 3]), evaluationContext(inputs))
    const program = await compile({ probabilities: softmax(logits) })
    const start = initialise(parametersOf(probe), { kind: 'xavier' }, [1])
    const weights = Object.fromEntries(
      probe.headParameters.map(({ name, shape }) => [name, floats(shape, start[name]!)]),
    )
    const { probabilities } = await program.run({ ...weights, features: floats([1, 3], Float32Array.of(9, -4, 2)) })
    expect([...(probabilities!.data as Float32Array)]).toEqual([0.5, 0.5])
    await program.dispose()
  })
})
