import { describe, expect, it } from 'vitest'
import { openDataset, sources } from './registry.ts'

describe('openDataset', () => {
  it('opens a dataset by its name', async () => {
    expect((await openDataset('digits')).labels).toHaveLength(1797)
  })

  it('passes what stands after the first colon on', async () => {
    for (const { id } of sources.filter((source) => source.argument !== undefined)) {
      await expect(openDataset(`${id}:no/such:folder`)).rejects.toThrow('there is no directory no/such:folder')
    }
  })

  it.each([
    ['digit', "there is no data source 'digit'", "did you mean 'digits'?"],
    ['fashion-mnsit:x', "there is no data source 'fashion-mnsit'", "did you mean 'fashion-mnist'?"],
    ['', "there is no data source ''", 'known: '],
    ['./data/mnist', "there is no data source './data/mnist'", 'for a directory of IDX files write idx:./data/mnist'],
    ['mnist', "'mnist' lacks its argument, write mnist:DIR", 'the directory of its four IDX files, plain or .gz'],
    ['idx:', "'idx:' lacks its argument, write idx:DIR", 'a directory with '],
    ['digits:data', "'digits' takes no argument, got 'data'", 'write digits'],
    ['image-folder:?side=9', "'image-folder:?side=9' lacks its argument, write image-folder:DIR", 'a directory with '],
  ])('refuses %j', async (reference, message, hint) => {
    const error = await openDataset(reference).catch((reason) => reason)
    expect(error).toMatchObject({ code: 'data.source', message })
    expect(error.hint).toContain(hint)
  })

  it.each([
    ['digits?side=8', "'digits' takes no options, got 'side'", undefined],
    ['image-folder:x?size=8', "'image-folder' has no option 'size'", "did you mean 'side'?"],
    ['image-folder:x?side', "option 'side' of 'image-folder' lacks its value", 'side: length of the shorter side'],
    ['image-folder:x?side=8&crop=4&side=9', "option 'side' of 'image-folder' is given twice", undefined],
  ])('refuses the option in %j', async (reference, message, hint) => {
    const error = await openDataset(reference).catch((reason) => reason)
    expect(error).toMatchObject({ code: 'data.option', message })
    if (hint === undefined) expect(error.hint).toBeUndefined()
    else expect(error.hint).toContain(hint)
  })
})
