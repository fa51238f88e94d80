import { describe, it } from 'vitest'
import { expectTrajectory, hasTrajectories, trajectories } from './fixtures/trajectory.ts'

describe.skipIf(!hasTrajectories)('training against PyTorch (shared reference data)', () => {
  it.each(Object.keys(trajectories))('follows %s', (name) => expectTrajectory(name))
})
