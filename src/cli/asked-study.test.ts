import { describe, expect, it } from 'vitest'
import { folderOf, png } from '../data/sources/image-folder/fixtures/photos.ts'
import { askedStudy } from './asked-study.ts'
import { createCommand } from './command.ts'
import { emptyFolder } from './fixtures/tool.ts'
import { addStudyOptions, type StudyFlags } from './study-options.ts'

function asked(what: string | undefined, ...args: readonly string[]) {
  const command = addStudyOptions(createCommand('study', 'reads flags', []))
  return askedStudy(what, command.parse(args, { from: 'user' }).opts<StudyFlags>(), { directory: emptyFolder() })
}

describe('what a command line names', () => {
  it('is an experiment, or nothing', async () => {
    const named = await asked('buda2018/mnist', '--data', '/somewhere/mnist')
    expect(named).toMatchObject({ config: { preset: { id: 'buda2018/mnist' } }, choices: [] })
    expect((await asked(undefined)).config.own).toBeUndefined()
  })

  it('is images by their path', async () => {
    const names = ['a/1', 'a/2', 'a/3', 'b/1', 'b/2', 'b/3']
    const files = await Promise.all(names.map(async (name, i) => [`${name}.png`, await png(i, 9, 9)] as const))
    const folder = folderOf(Object.fromEntries(files))
    const { config, choices } = await asked(folder)
    expect(config.datasets).toEqual([`image-folder:${folder}?side=9&crop=9`])
    expect(config.own).toMatchObject({ choices, minutes: 20 })
    expect(choices.length).toBeGreaterThan(5)
  })

  it('is neither, and then it says so', async () => {
    await expect(asked('buda2018/minst')).rejects.toMatchObject({
      code: 'cli.config',
      message: expect.stringMatching(/^there is no experiment 'buda2018\/minst', nor images: there is no/),
      hint: expect.stringContaining("did you mean 'buda2018/mnist'?"),
    })
  })

  it.each([
    ['--data', 'digits'],
    ['--config', 'study.json'],
    ['--scale', 'small'],
  ])('leaves no room for %s %s beside images', async (flag, value) => {
    await expect(asked('digits', flag, value)).rejects.toThrow(
      `digits names images to choose a study for, which ${flag} ${value} does not go with`,
    )
  })

  it.each([undefined, 'buda2018/mnist'])('is fitted to minutes only where it is images: %s', async (what) => {
    await expect(asked(what, '--minutes', '5')).rejects.toMatchObject({
      message: '--minutes 5 needs images of your own to choose a study for',
      hint: 'such as evenkeel study photos --minutes 20',
    })
  })
})
