import { describe, expect, it } from 'vitest'
import { compile, floats, input, multiply, subtract, type Value } from '../engine/index.ts'
import { clipByNorm, type OptimiserChoice, optimiserOf, type SgdOptions, sgd } from './optimisers.ts'

/** Minimises sum(x^2 / 2 * slope): the gradient is slope * x, so every step depends on the ones before. */
const start = [1, -2, 0.5]
const slope = 3

/** Five steps as the graph takes them. */
async function trajectory(choice: OptimiserChoice, rates: readonly number[], clipNorm?: number): Promise<number[]> {
  const optimiser = optimiserOf(choice)
  const x = input('x', 'float32', [3])
  const gradient = multiply(x, slope)
  const names = Object.keys(optimiser.scalars?.(0) ?? {})
  const { update, state } = optimiser.apply(clipNorm === undefined ? gradient : clipByNorm([gradient], clipNorm)[0]!, {
    parameter: x,
    learningRate: input('rate', 'float32', []),
    weightDecayMultiplier: 1,
    scalars: Object.fromEntries(names.map((name) => [name, input(name, 'float32', [])])),
    state: Array.from({ length: optimiser.slots }, (_, slot) => input(`state${slot}`, 'float32', [3])),
  })
  const program = await compile({
    x: subtract(x, update),
    ...Object.fromEntries(state.map((tensor, slot) => [`state${slot}`, tensor])),
  })
  let values: Record<string, Value> = { x: floats([3], Float32Array.from(start)) }
  for (const slot of state.keys()) values[`state${slot}`] = floats([3], new Float32Array(3))
  for (const [iteration, rate] of rates.entries()) {
    const scalars = Object.entries({ rate, ...optimiser.scalars?.(iteration) })
    const pace = Object.fromEntries(scalars.map(([name, number]) => [name, floats([], number)]))
    values = await program.run({ ...values, ...pace })
  }
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

const optionsOf = (convention: SgdOptions['convention']): (SgdOptions & { kind: 'sgd' })[] => [
  { kind: 'sgd', momentum: 0, weightDecay: 0, nesterov: false, convention },
  { kind: 'sgd', momentum: 0.9, weightDecay: 0, nesterov: false, convention },
  { kind: 'sgd', momentum: 0.9, weightDecay: 0, nesterov: true, convention },
  { kind: 'sgd', momentum: 0.9, weightDecay: 0.1, nesterov: false, convention },
  { kind: 'sgd', momentum: 0.5, weightDecay: 0.1, nesterov: true, convention },
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
          trajectory({ kind: 'sgd', momentum: 0.9, weightDecay: 0.01, nesterov, convention }, rates),
        ),
      )
    const [pytorch, caffe] = (await both(constantRates)) as [number[], number[]]
    expect(distance(pytorch, caffe)).toBeLessThan(1e-6)
    const [pytorchFalling, caffeFalling] = (await both(fallingRates)) as [number[], number[]]
    expect(distance(pytorchFalling, caffeFalling)).toBeGreaterThan(0.1)
  })
})

describe('adam and adamw', () => {
  const moments = { beta1: 0.8, beta2: 0.95, epsilon: 0.1, weightDecay: 0.1 }

  // torch 1.13.1: torch.optim.Adam and AdamW on the same five steps, in float64.
  it.each<[OptimiserChoice, number[]]>([
    [{ kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 }, [0.8791998, -1.8790882, 0.3795048]],
    [{ kind: 'adam', ...moments }, [0.8831379, -1.8810733, 0.3872341]],
    [{ kind: 'adamw', ...moments }, [0.8717063, -1.8575281, 0.3819405]],
  ])('%j is PyTorch', async (choice, expected) => {
    expect(distance(await trajectory(choice, fallingRates), expected)).toBeLessThan(1e-6)
  })
})

describe('clipByNorm', () => {
  const plain: OptimiserChoice = {
    kind: 'sgd',
    momentum: 0.9,
    weightDecay: 0,
    nesterov: false,
    convention: 'pytorch',
  }

  it('is PyTorch', async () => {
    // torch.nn.utils.clip_grad_norm_([x], 2) before each step of torch.optim.SGD.
    const expected = [0.8161863, -1.6323726, 0.4080931]
    expect(distance(await trajectory(plain, fallingRates, 2), expected)).toBeLessThan(1e-6)
  })

  it('leaves gradients under the limit as they are, bit for bit', async () => {
    expect(await trajectory(plain, fallingRates, 1e3)).toEqual(await trajectory(plain, fallingRates))
  })

  it('takes the norm over all gradients, and divides exactly where it is far over the limit', async () => {
    const [a, b] = [input('a', 'float32', [2]), input('b', 'float32', [1, 1])]
    const [clippedA, clippedB] = clipByNorm([a, b], 1) as [typeof a, typeof b]
    const program = await compile({ clippedA, clippedB })
    const run = async (scale: number) => {
      const feeds = { a: floats([2], Float32Array.of(2 * scale, 3 * scale)), b: floats([1, 1], 6 * scale) }
      const results = await program.run(feeds)
      return [...results.clippedA!.data, ...results.clippedB!.data].map(Number)
    }
    for (const scale of [1, 1e6]) expect(distance(await run(scale), [2 / 7, 3 / 7, 6 / 7])).toBeLessThan(1e-6)
    expect(await run(0)).toEqual([0, 0, 0])
    await program.dispose()
  })
})
