import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readCost, readPriors } from './given-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-given-'))
afterAll(() => rmSync(folder, { recursive: true }))
const labels = ['cat', 'dog, small', 'emu']

function file(text: string): string {
  const path = join(folder, 'given')
  writeFileSync(path, text)
  return path
}

describe('readPriors', () => {
  it.each([
    ['JSON', '{"emu": 1, "cat": 8, "dog, small": 1}'],
    ['CSV', 'emu,1\ncat,8\n"dog, small",1\n'],
    ['CSV with a heading', '\ufefflabel,share\r\ncat,80\r\n"dog, small",10\r\nemu,10\r\n'],
  ])('takes shares from %s, by label', async (_, text) => {
    expect(await readPriors(file(text), labels)).toEqual([0.8, 0.1, 0.1])
  })

  it.each([
    ['{"cat": 1, "emu": 1}', "the shares lack 'dog, small'"],
    ['{"cat": 1, "dog, small": 1, "emus": 1}', "there is no class 'emus'"],
    ['{"cat": 1, "dog, small": 1, "emu": -1}', "the share of 'emu' must be > 0, got -1"],
    ['{"cat": 1, "dog, small": 1, "emu": 0}', "the share of 'emu' must be > 0, got 0"],
    ['{"cat": 1, "dog, small": 1, "emu": null}', "the share of 'emu' must be a finite number, got 'nothing'"],
    ['cat,1\n"dog, small",1\nemu,NaN', "the share of 'emu' must be a finite number, got 'NaN'"],
    ['cat,1\n"dog, small",1\nemu,', "the share of 'emu' must be a finite number, got ''"],
    ['cat,1\ncat,1', "it has 'cat' twice"],
    ['cat,1,2', "a row must be a label and a number, got 'cat,1,2'"],
    ['cat\u001b[31m,1', "there is no class 'cat\\u001b[31m'"],
    ['"cat', 'it is neither JSON nor CSV'],
    ['{"cat": 1', 'it is not JSON'],
    ['[1, 2, 3]', 'it must be an object with a label for each class'],
    ['', "the shares lack 'cat'"],
  ])('refuses %j', async (text, sentence) => {
    const reading = readPriors(file(text), labels)
    await expect(reading).rejects.toThrow(expect.objectContaining({ code: 'model.priors' }))
    await expect(reading).rejects.toThrow(sentence)
  })

  it('says where there is no file, and what is too large', async () => {
    await expect(readPriors(join(folder, 'nowhere'), labels)).rejects.toThrow('nowhere: there is no such file')
    await expect(readPriors(file('x'.repeat(16 * 2 ** 20 + 1)), labels)).rejects.toThrow('more than 16777216')
  })
})

describe('readCost', () => {
  const cost = [
    [0, 1, 2],
    [5, 0, 1],
    [-1, 1, 0],
  ]

  it.each([
    [
      'JSON',
      '{"dog, small": {"cat": 5, "dog, small": 0, "emu": 1}, "emu": {"cat": -1, "dog, small": 1, "emu": 0},' +
        ' "cat": {"emu": 2, "cat": 0, "dog, small": 1}}',
    ],
    ['CSV', ',emu,"dog, small",cat\nemu,0,1,-1\ncat,2,1,0\n"dog, small",1,0,5\n'],
  ])('takes a matrix from %s, by labels in both directions', async (_, text) => {
    expect(await readCost(file(text), labels)).toEqual(cost)
  })

  it.each([
    [',cat,"dog, small",emu\ncat,0,1,2\nemu,1,1,0', "the rows lack 'dog, small'"],
    [',cat,emu\ncat,0,1', "the rows lack 'dog, small'"],
    [',cat,emu\ncat,0,1\nemu,1,0\n"dog, small",1,1', "the costs in the row of 'cat' lack 'dog, small'"],
    [',cat,cat\ncat,0,1', "it has 'cat' twice"],
    [',cat,"dog, small",emu\ncat,0,1', "the row of 'cat' has 2 costs under 3 labels"],
    ['{"cat": 1, "dog, small": 1, "emu": 1}', "the row of 'cat' must have a cost for each label"],
    [',cat,"dog, small",emu\ncat,0,x,2\nemu,1,1,0\n"dog, small",0,0,0', "the row of 'cat', 'dog, small', must be a"],
  ])('refuses %j', async (text, sentence) => {
    const reading = readCost(file(text), labels)
    await expect(reading).rejects.toThrow(expect.objectContaining({ code: 'model.cost' }))
    await expect(reading).rejects.toThrow(sentence)
  })
})
