import { afterEach, describe, expect, it, vi } from 'vitest'
import { ourRuns } from '../../study/reproduction/our-runs.ts'
import { rules } from '../../study/reproduction/rules/registry.ts'
import { adviseCommand } from './advise.ts'

afterEach(() => vi.restoreAllMocks())

/** What the command prints. */
async function advised(...args: readonly string[]): Promise<string> {
  const written: string[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0)
  await adviseCommand().parseAsync(args, { from: 'user' })
  return written.join('')
}

describe('evenkeel advise', () => {
  it('gives the recommendations for a situation, each with its source', async () => {
    const text = await advised('--rho', '100', '--mu', '0.5')
    expect(text).toContain('The paper recommends for rho 100, mu 0.5, a task that is moderate, time that is enough:')
    expect(text).toContain('Oversample, until every class is as large as the largest.')
    expect(text).toContain('Buda et al. 2018, sections 4.1, 4.5 and 5')
    expect(text).not.toContain('undersample-when-time-is-short')
    expect(text).toContain('Our studies: ')
    expect(text).not.toContain('Your studies')
  })

  it('gives one JSON document', async () => {
    const { schemaVersion, situation, rules } = JSON.parse(
      await advised('--rho', '100', '--mu', '0.9', '--time', 'short', '--goal', 'ranking', '--json'),
    )
    expect({ schemaVersion, situation }).toEqual({
      schemaVersion: 1,
      situation: { rho: 100, mu: 0.9, difficulty: 'moderate', time: 'short', goal: 'ranking' },
    })
    expect(rules.map(({ id }: { id: string }) => id)).toEqual([
      'undersample-when-time-is-short',
      'undersample-part-of-the-way',
      'no-two-phase-training',
      'oversampling-does-not-overfit',
    ])
  })

  it('gives every recommendation where no situation is named, each with what the studies that come along say', async () => {
    const { studies, rules: readings } = JSON.parse(await advised('--json'))
    expect(readings.map(({ id }: { id: string }) => id)).toEqual(rules.map(({ id }) => id))
    const shipped = await ourRuns()
    expect(studies).toEqual(shipped.studies)
    expect(studies.length).toBeGreaterThan(0)
    // Whoever renames a rule makes the shipped readings anew.
    expect(shipped.rules.map(({ id }) => id)).toEqual(rules.map(({ id }) => id))
  })

  it('has nothing for balanced classes', async () => {
    expect(await advised('--rho', '1', '--mu', '0.5')).toContain('recommends nothing for rho 1')
  })

  it.each([
    [['--mu', '0.5'], '--rho and --mu belong together, got only --mu 0.5'],
    [['--rho', '0.5', '--mu', '0.5'], "It must be a number >= 1, got '0.5'."],
    [['--rho', '10', '--mu', '1'], "It must be a number between 0 and 1, got '1'."],
    [['--rho', '10', '--mu', '0.5', '--time', 'none'], 'Allowed choices are short, enough'],
  ])('refuses %j', async (args, sentence) => {
    const command = adviseCommand().configureOutput({ writeErr: () => {} })
    await expect(command.parseAsync(args, { from: 'user' })).rejects.toThrow(sentence)
  })
})
