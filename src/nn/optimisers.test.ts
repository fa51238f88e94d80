import { describe, expect, it } from 'vitest'
import { compile, floats, input, multiply, subtract, type Value } from '../engine/index.ts'
import { type SgdOptions, sgd } from './optimisers.ts'

/** Minimises sum(x^2 / 2 * slope): the gradient is slope * x, so every step depends on the ones before. */
const start = [1, -2, 0.5]
const slope = 3

/** Five steps as the graph takes them. */
async function trajectory(options: SgdOptions, rates: readonly number[]): Promise<number[]> {
  const optimiser = sgd(options)
  const x = input('x', 'float32', [3])
  const old = Array.from({ length: optimiser.slots }, (_, slot) => input(`state${slot}`, 'float32', [3]))
  const learningRate = input('rate', 'float32', [])
  const { update, state } = optimiser.apply(multiply(x, slope), { parameter: x, learningRate, state: old })
  const program = await compile({
    x: subtract(x, update),
    ...Object.fromEntries(state.map((tensor, slot) => [`state${slot}`, tensor])),
  })
  let values: Record<string, Value> = { x: floats([3], Float32Array.from(start)) }
  for (const slot of old.keys()) values[`state${slot}`] = floats([3], new Float32Array(3))
  for (const rate of rates) values = await program.run({ ...values, rate: floats([], rate) })
  await program.dispose()
  return Array.from(values.x!.data, Number)
}

/** The same in a loop, as the frameworks' manuals write it. */
function byHand({ momentum, weightDecay, nesterov, convention }: SgdOptions, rates: readonly number[]): number[] {
  return start.map((first) => {
    let x = first
    let velocity = 0
    for (const rate of rates) {
      const gradient = slope * x + weightDecay * x
      if (convention === 'pytorch') {
        velocity = momentum * velocity + gradient
        x -= rate * (nesterov ? gradient + momentum * velocity : velocity)
      } else {
        const before = velocity
        velocity = momentum * velocity + rate * gradient
        x -= nesterov ? (1 + momentum) * velocity - momentum * before : velocity
      }
    }
    return x
  })
}

const constantRates = [0.05, 0.05, 0.05, 0.05, 0.05]
const fallingRates = [0.05, 0.05, 0.01, 0.01, 0.001]

const optionsOf = (convention: SgdOptions['convention']): SgdOptions[] => [
  { momentum: 0, weightDecay: 0, nesterov: false, convention },
  { momentum: 0.9, weightDecay: 0, nesterov: false, convention },
  { momentum: 0.9, weightDecay: 0, nesterov: true, convention },
  { momentum: 0.9, weightDecay: 0.1, nesterov: false, convention },
  { momentum: 0.5, weightDecay: 0.1, nesterov: true, convention },
]

const distance = (a: readonly number[], b: readonly number[]) => Math.max(...a.map((x, i) => Math.abs(x - b[i]!)))

describe('sgd', () => {
  it.each([...optionsOf('pytorch'), ...optionsOf('caffe')])('%j is the loop of its manual', async (options) => {
    for (const rates of [constantRates, fallingRates]) {
      expect(distance(await trajectory(options, rates), byHand(options, rates))).toBeLessThan(1e-6)
    }
  })

  it('without momentum keeps no state', () => {
    expect(sgd({ momentum: 0, weightDecay: 0.1, nesterov: false, convention: 'caffe' }).slots).toBe(0)
    expect(sgd({ momentum: 0.9, weightDecay: 0, nesterov: true, convention: 'caffe' }).slots).toBe(1)
  })

  it.each([false, true])('has conventions that agree until the rate changes (nesterov %s)', async (nesterov) => {
    const both = (rates: readonly number[]) =>
      Promise.all(
        (['pytorch', 'caffe'] as const).map((convention) =>
          trajectory({ momentum: 0.9, weightDecay: 0.01, nesterov, convention }, rates),
        ),
      )
    const [pytorch, caffe] = (await both(constantRates)) as [number[], number[]]
    expect(distance(pytorch, caffe)).toBeLessThan(1e-6)
    const [pytorchFalling, caffeFalling] = (await both(fallingRates)) as [number[], number[]]
    expect(distance(pytorchFalling, caffeFalling)).toBeGreaterThan(0.1)
  })
})
