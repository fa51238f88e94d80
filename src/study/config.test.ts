import { describe, expect, it } from 'vitest'
import { resolveConfig } from './config.ts'

describe('resolveConfig', () => {
  it('fills in every default, and resolving the result again changes nothing', () => {
    const config = resolveConfig({})
    expect(config).toMatchObject({ name: 'digits', datasets: ['digits'], model: 'lenet5', minority: 'random' })
    expect(config.methods).toHaveLength(8)
    expect(config.training.schedule).toEqual({ kind: 'inv', base: 0.01, warmUp: 0, gamma: 1e-4, power: 0.75 })
    expect(config.training).toMatchObject({
      accumulate: 1,
      augmentation: { pad: 0, mirror: false },
      optimiser: { kind: 'sgd', momentum: 0.9, weightDecay: 5e-4, nesterov: false, convention: 'caffe' },
    })
    expect(config).toMatchObject({ initialiser: { kind: 'xavier' }, device: 'cpu' })
    expect(resolveConfig(JSON.parse(JSON.stringify(config)))).toEqual(config)
  })

  it('expands grids and keeps the baseline first', () => {
    const { profiles, methods } = resolveConfig({
      profiles: [
        { kind: 'step', rho: [10, 100], mu: [0.2, 0.5] },
        { kind: 'linear', rho: 10 },
      ],
      methods: ['thresholding', { id: 'oversampling', level: 0.5 }, 'thresholding'],
    })
    expect(profiles).toHaveLength(5)
    expect(methods).toEqual(['baseline', 'thresholding', 'oversampling(level=0.5)'])
  })

  it.each([
    ['sgd', 0.01],
    ['adam', 0.001],
    ['adamw', 0.001],
  ])('starts %s at its own learning rate unless one is said', (kind, base) => {
    const rateOf = (schedule: object) =>
      resolveConfig({ training: { optimiser: kind, schedule } }).training.schedule.base
    expect(rateOf({})).toBe(base)
    expect(rateOf({ kind: 'cosine', warmUp: 5 })).toBe(base)
    expect(rateOf({ base: 0.03 })).toBe(0.03)
  })

  it('takes the name of a kind for the kind with its defaults', () => {
    const named = resolveConfig({ training: { optimiser: 'adam', schedule: 'cosine' } })
    expect(named).toEqual(resolveConfig({ training: { optimiser: { kind: 'adam' }, schedule: { kind: 'cosine' } } }))
  })

  it.each([
    [{ replicate: 3 }, "config has no 'replicate'"],
    [{ replicates: 0 }, 'config.replicates: Too small: expected number to be >=1, got 0'],
    [{ training: { iteration: 3 } }, "config.training has no 'iteration'"],
    [
      { profiles: [{ kind: 'stepp' }] },
      "config.profiles[0].kind: Invalid discriminator value. Expected 'step' | 'linear'",
    ],
    [{ methods: ['oversmpling'] }, "there is no method 'oversmpling' (methods[0])"],
    [{ methods: [{ id: 'oversampling', level: 2 }] }, 'oversampling.level must be between 0 and 1, got 2 (methods[0])'],
    [{ model: 'lenet' }, "there is no model 'lenet'"],
    [{ training: { accumulate: 3 } }, 'config.training.accumulate: must divide the batch of 64, got 3'],
    [{ training: { optimiser: { kind: 'adam', momentum: 0.9 } } }, "config.training.optimiser has no 'momentum'"],
    [
      { training: { optimiser: 'adm' } },
      `config.training.optimiser.kind: Invalid discriminator value. Expected 'sgd' | 'adam' | 'adamw', got "adm"`,
    ],
    [
      { training: { schedule: { base: 0 } } },
      'config.training.schedule.base: Too small: expected number to be >0, got 0',
    ],
    [{ training: { augmentation: { pad: 0.5 } } }, 'config.training.augmentation.pad: expected int, received number'],
    [{ training: { clipNorm: 0 } }, 'config.training.clipNorm: Too small: expected number to be >0, got 0'],
    [{ device: 'gpu' }, 'config.device: Invalid option: expected one of "cpu"|"webgpu"|"cuda", got "gpu"'],
    [{ name: '../x' }, 'config.name: use letters, digits, spaces, dots, dashes, got "../x"'],
    [[], 'config: expected object, received array, got []'],
  ])('says what is wrong with %j', (input, message) => {
    expect(() => resolveConfig(input)).toThrow(message)
  })

  it('hints at the key that was meant', () => {
    const mistake = () => resolveConfig({ training: { iteration: 3 } })
    expect(mistake).toThrow(expect.objectContaining({ hint: "did you mean 'iterations'?" }))
  })
})
