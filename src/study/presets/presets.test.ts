import { describe, expect, it } from 'vitest'
import type { DatasetInfo } from '../comparison.ts'
import { resolveConfig, type StudyConfig } from '../config.ts'
import { classSizesByRank, planStudy } from '../plan.ts'
import { networksOf } from '../totals.ts'
import { type ScaleName, scaleNames } from './preset.ts'
import { presetById, presetConfig, presets } from './registry.ts'
import { stretch } from './scale.ts'
import { scaleOf } from './scale-of.ts'

/** A dataset with as many images as the config's pool asks for; a plan needs no pixels. */
function datasetFor({ datasets, split, model }: StudyConfig): DatasetInfo {
  const classes = model === 'resnet10' ? 1000 : 10
  const each = (count: number) => Array.from({ length: classes }, () => count)
  return {
    reference: datasets[0]!,
    name: 'made',
    description: 'made',
    shape: model === 'lenet5' ? [1, 28, 28] : [3, 32, 32],
    classNames: each(0).map((_, c) => String(c)),
    contentHash: 'made',
    maxPixel: 255,
    split: { test: 'official', ...(split.poolPerClass !== undefined && { poolPerClass: split.poolPerClass }) },
    pool: each(split.poolPerClass!),
    selection: each(0),
    test: each(100),
  }
}

function planOf(id: string, options: Parameters<typeof presetConfig>[1] = {}) {
  const config = resolveConfig(presetConfig(id, options))
  return planStudy(config, [datasetFor(config)])
}

describe('experiments by name', () => {
  it.each([
    ['buda2018/mnist', 4500, 22_500],
    ['buda2018/cifar10', 16, 640],
    ['buda2018/imagenet', 5, 15],
  ])('%s is as many networks as in the paper', (id, sets, networks) => {
    const { networks: counted } = presetById(id)
    expect(counted.reduce((sum, line) => sum + line.sets, 0)).toBe(sets)
    expect(counted.reduce((sum, line) => sum + line.sets * line.procedures * line.runs, 0)).toBe(networks)
    const { grid, beside } = networksOf(planOf(id))
    expect(grid).toBe(networks)
    // On MNIST partial sampling, 3 fractions x 6 levels x 50 draws, and the full set 50 times.
    expect(beside).toBe(id === 'buda2018/mnist' ? 3 * 6 * 50 + 50 : 0)
  })

  it('draws the third setting of ImageNet three times, the others once', () => {
    const { cells } = planOf('buda2018/imagenet')
    expect(cells.map(({ profile, replicates }) => [profile, replicates])).toEqual([
      [{ kind: 'step', rho: 10, mu: 0.1 }, 1],
      [{ kind: 'step', rho: 50, mu: 0.8 }, 1],
      [{ kind: 'step', rho: 100, mu: 0.9 }, 3],
    ])
  })

  it('trains on the sizes of the paper, short classes among the minority', () => {
    const config = resolveConfig(presetConfig('buda2018/imagenet'))
    const sizes = (dataset: DatasetInfo) =>
      config.profiles.map((profile) => classSizesByRank(profile, dataset).reduce((sum, size) => sum + size, 0))
    const whole = datasetFor(config)
    expect(sizes(whole)).toEqual([910_000, 216_000, 109_000])
    // ILSVRC has 104 classes of 732 to 999 images; a tenth of the classes can be in the minority.
    const short = whole.pool.map((count, c) => (c < 100 ? 732 + c : count))
    expect(sizes({ ...whole, pool: short })).toEqual([910_000, 216_000, 109_000])
  })

  it('has the numbers of the paper', () => {
    const trainings = presets.map(({ id }) => resolveConfig(presetConfig(id)).training)
    expect(
      trainings.map(({ iterations, batch, schedule, optimiser }) => [
        iterations,
        batch,
        schedule.base,
        'momentum' in optimiser && optimiser.momentum,
        optimiser.weightDecay,
      ]),
    ).toEqual([
      [10_000, 64, 0.01, 0.9, 5e-4],
      [70_000, 256, 0.05, 0.9, 1e-3],
      [320_000, 256, 0.1, 0.9, 1e-4],
    ])
    expect(trainings.map(({ schedule: { base: _, warmUp: __, ...policy } }) => policy)).toEqual([
      { kind: 'inv', gamma: 1e-4, power: 0.75 },
      { kind: 'multi-step', milestones: [40_000, 50_000, 60_000], factor: 0.1 },
      { kind: 'polynomial', power: 1 },
    ])
    const cifar = resolveConfig(presetConfig('buda2018/cifar10'))
    expect(cifar.search).toEqual({ learningRates: [5e-2, 5e-3, 5e-4, 5e-5], repeats: 2 })
    expect(cifar.preprocessing).toEqual({ kind: 'gcn-zca', scale: 55, filterBias: 0.1, fitted: 'pool' })
    expect(presets.map(({ id }) => resolveConfig(presetConfig(id)).initialiser.kind)).toEqual([
      'xavier',
      'xavier',
      'he',
    ])
    expect(resolveConfig(presetConfig('buda2018/imagenet')).training.augmentation).toEqual({
      pad: 0,
      mirror: true,
      crop: 'random',
    })
  })

  it.each(presets.flatMap(({ id }) => scaleNames.map((scale) => [id, scale] as const)))(
    '%s at scale %s is a config that says its scale',
    (id, scale) => {
      const config = resolveConfig(presetConfig(id, { scale }))
      const { share, sentence } = scaleOf(config)!
      expect(sentence).toContain(scale === 'full' ? 'the whole experiment.' : `at scale ${scale}`)
      if (scale === 'full') expect(share).toBe(1)
      else expect(share).toBeLessThan(scaleOf(resolveConfig(presetConfig(id, { scale: larger(scale) })))!.share)
    },
  )

  it('chooses by the test images only where that is asked for', () => {
    const honest = resolveConfig(presetConfig('buda2018/cifar10'))
    expect([honest.choose, honest.split.poolPerClass, honest.split.selection]).toEqual([
      'honest',
      4500,
      { perClass: 500 },
    ])
    const paper = resolveConfig(presetConfig('buda2018/cifar10', { choose: 'paper' }))
    expect([paper.choose, paper.split.poolPerClass, paper.split.selection]).toEqual(['paper', 5000, 'none'])
  })

  it('says what is not as in the whole experiment, flags included', () => {
    const input = presetConfig('buda2018/mnist', { scale: 'small', iterations: 100 })
    const { sentence } = scaleOf(resolveConfig({ ...input, replicates: 7 }))!
    expect(sentence).toContain(
      '27 of 81 step settings, 4 of 9 linear settings, 7 of 50 replicates, 100 of 10000 iterations',
    )
  })

  it('names every choice that a flag changes', () => {
    const input = presetConfig('buda2018/mnist')
    const config = resolveConfig({
      ...input,
      split: { ...input.split, selection: 'none' },
      training: { ...input.training, clipNorm: 1, schedule: { kind: 'inv', base: 0.5 } },
      also: [],
    })
    expect(scaleOf(config)!.sentence).toMatch(
      /another choice of selection images, another choice of optimiser, another choice of learning rates, another choice of what is run beside the grid/,
    )
    const small = resolveConfig(presetConfig('buda2018/imagenet', { scale: 'small' }))
    const photographs = { ...datasetFor(small), classNames: ['glass', 'paper'], pool: [500, 40] }
    expect(scaleOf(small, [photographs])!.sentence).toContain(
      '500 of 1000 images in the pool of a class, 2 of 1000 classes',
    )
  })

  it('refuses a name or a scale that there is not', () => {
    expect(() => presetConfig('buda2018/mnits')).toThrow(/there is no experiment 'buda2018\/mnits'/)
    expect(() => presetConfig('buda2018/mnist', { scale: 'tiny' })).toThrow(/there is no scale 'tiny'/)
  })
})

function larger(scale: ScaleName): ScaleName {
  return scaleNames[scaleNames.indexOf(scale) - 1]!
}

describe('stretch', () => {
  it('keeps the rate at the same fraction of a training', () => {
    expect(stretch({ kind: 'inv', base: 0.01, gamma: 1e-4, power: 0.75 }, 10_000, 400)).toMatchObject({ gamma: 2.5e-3 })
    const milestones = { kind: 'multi-step' as const, base: 0.05, milestones: [40_000, 50_000, 60_000], factor: 0.1 }
    expect(stretch(milestones, 70_000, 700)).toMatchObject({ milestones: [400, 500, 600] })
    expect(stretch({ kind: 'polynomial', base: 0.1, power: 1 }, 320_000, 10)).toMatchObject({ base: 0.1, power: 1 })
  })
})
