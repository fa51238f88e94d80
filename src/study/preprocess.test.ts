import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { digits } from '../data/index.ts'
import type { PhaseRecord } from '../store/index.ts'
import { runBranch } from './branch.ts'
import { resolveConfig, type StudyInput } from './config.ts'
import { planStudy } from './plan.ts'
import { describeDataset } from './setup.ts'

const root = mkdtempSync(join(tmpdir(), 'evenkeel-preprocess-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const dataset = await digits()

/** Runs the first branch of a small study in a folder; returns its phases. */
async function run(input: StudyInput, folder = mkdtempSync(join(root, 'run-')), replicate = 0): Promise<PhaseRecord[]> {
  const config = resolveConfig({
    profiles: [{ kind: 'step', rho: 10, mu: 0.5 }],
    methods: ['baseline'],
    replicates: 2,
    training: { iterations: 6, batch: 16 },
    ...input,
  })
  const { branches } = planStudy(config, [describeDataset(config, 'digits', dataset)])
  const branch = branches.find((candidate) => candidate.replicate === replicate)!
  const phases: PhaseRecord[] = []
  await runBranch(config, dataset, branch, new Set(), {
    emit: async (event) => {
      if (event.type === 'phase') phases.push(event.record)
    },
    stopRequested: () => false,
    checkpointEvery: 100,
    checkpointPath: (phase) => join(folder, phase),
  })
  return phases
}

describe('preprocessing in a branch', () => {
  const whitened: StudyInput = { preprocessing: { kind: 'gcn-zca', fitted: 'pool' } }

  it('is fitted once for the images of a replicate and found again by another process', async () => {
    const folder = mkdtempSync(join(root, 'run-'))
    const [first] = await run(whitened, folder)
    const fits = readdirSync(folder)
    expect(fits).toEqual([expect.stringMatching(/^whitening-[0-9a-f]{16}$/)])
    // Another replicate has another pool; back at the first one the file is what is left of its fit.
    await run(whitened, folder, 1)
    expect(readdirSync(folder)).toHaveLength(2)
    expect((await run(whitened, folder))[0]!.curve).toEqual(first!.curve)
    expect(readdirSync(folder)).toHaveLength(2)
  })

  it('changes the training, and so does what it is fitted on', async () => {
    const curves = await Promise.all(
      [{}, whitened, { preprocessing: { kind: 'gcn-zca' as const, fitted: 'subset' as const } }].map(
        async (input) => (await run(input))[0]!.curve,
      ),
    )
    expect(new Set(curves.map((curve) => JSON.stringify(curve))).size).toBe(3)
  })
})

describe('snapshots', () => {
  it('measure accuracy on the way and change no step', async () => {
    const [plain] = await run({})
    const [measured] = await run({ snapshots: 50 })
    expect(measured!.curve.map(({ iteration, loss }) => ({ iteration, loss }))).toEqual(plain!.curve)
    for (const { accuracy } of measured!.curve) {
      expect(accuracy!.train).toBeGreaterThanOrEqual(0)
      expect(accuracy!.train).toBeLessThanOrEqual(1)
      expect(accuracy!.test).toBeLessThanOrEqual(1)
    }
    expect(plain!.curve.some(({ accuracy }) => accuracy)).toBe(false)
  })
})
