import { describe, expect, it } from 'vitest'
import { dump, softmaxCrossEntropy } from '../engine/index.ts'
import { optimise } from '../engine/passes/optimise.ts'
import { lenet5, sgd } from '../nn/index.ts'
import { type StepOptions, stepGraph } from './step.ts'

/** How many of each operation the step of LeNet-5 has. */
function operations(trainable: StepOptions['trainable']) {
  const { outputs } = stepGraph({
    network: lenet5({ input: [1, 28, 28], classes: 10 }),
    trainable,
    batch: 64,
    loss: softmaxCrossEntropy,
    optimiser: sgd({ momentum: 0.9, weightDecay: 5e-4, nesterov: false, convention: 'caffe' }),
  })
  const count = (graph: typeof outputs) => {
    const counts: Record<string, number> = {}
    for (const [, name] of dump(graph).matchAll(/^%\d+ = (\w+)/gm)) counts[name!] = (counts[name!] ?? 0) + 1
    return counts
  }
  return { written: count(outputs), optimised: count(optimise(outputs)) }
}

describe('the step of LeNet-5', () => {
  it('has each mask once, and no gradient for the pixels', () => {
    expect(operations('all').optimised).toMatchObject({
      conv2d: 2,
      conv2dWeightGradient: 2,
      conv2dInputGradient: 1,
      maxPool2d: 2,
      maxPool2dGradient: 2,
      relu: 1,
      isPositive: 1,
    })
  })

  it('has nothing of the body where the head alone is trained', () => {
    const { optimised } = operations('head')
    expect(Object.keys(optimised).filter((name) => /conv2d|maxPool2d|relu/.test(name))).toEqual([])
    expect(optimised).toMatchObject({ dense: 1, matmul: 1 })
  })

  it('loses the constants and broadcasts that its gradient was written with', () => {
    const { written, optimised } = operations('all')
    expect(written.broadcast).toBe(2)
    expect(optimised.broadcast).toBeUndefined()
    expect(optimised.constant).toBeLessThan(written.constant! / 2)
    for (const [name, count] of Object.entries(optimised)) expect(count, name).toBeLessThanOrEqual(written[name]!)
  })
})
