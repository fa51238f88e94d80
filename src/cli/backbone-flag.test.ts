import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { writeBackbone } from '../train/fixtures/backbone.ts'
import { createCommand } from './command.ts'
import { readStudyConfig } from './study-config.ts'
import { addStudyOptions, type StudyFlags } from './study-options.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-backbone-'))
afterAll(() => rmSync(folder, { recursive: true }))
const path = writeBackbone(folder, 8)

function configOf(...args: readonly string[]) {
  const command = addStudyOptions(createCommand('study', 'reads flags', []))
  return readStudyConfig(command.parse(args, { from: 'user' }).opts<StudyFlags>())
}

describe('--backbone', () => {
  it('describes a file, with what is said behind it', async () => {
    expect((await configOf('--backbone', path)).backbone).toMatchObject({ path, featureCount: 6, scaling: 'imagenet' })
    const { backbone } = await configOf('--backbone', `${path}?scaling=raw&output=features`)
    expect(backbone).toMatchObject({ path, output: 'features', scaling: 'raw', sides: [8, 8] })
  })

  it('overrides that of a config file', async () => {
    const maps = writeBackbone(folder, 8, { maps: true })
    const file = join(folder, 'study.json')
    writeFileSync(file, JSON.stringify(await configOf('--backbone', path)))
    expect((await configOf('--config', file)).backbone).toMatchObject({ path, maps: false })
    expect((await configOf('--config', file, '--backbone', maps)).backbone).toMatchObject({ path: maps, maps: true })
    await expect(configOf('--config', file, '--model', 'lenet5')).rejects.toThrow('--model lenet5 does not go with')
  })

  it.each([
    ['none.onnx', 'cannot read the backbone none.onnx: there is no such file'],
    [`${path}?scalin=unit`, "a backbone has no option 'scalin'"],
    [`${path}?scaling=units`, "scaling of a backbone must be one of imagenet, unit, symmetric, raw, got 'units'"],
    [`${path}?output=`, "option 'output' of a backbone lacks its value"],
    [`${path}?output=pool`, "must have one output of features, got none named 'pool'"],
  ])('%s is refused', async (text, message) => {
    await expect(configOf('--backbone', text)).rejects.toThrow(message)
  })

  it('is refused for what is no model', async () => {
    const text = join(folder, 'text.onnx')
    writeFileSync(text, 'not a model')
    await expect(configOf('--backbone', text)).rejects.toThrow('text.onnx is not an ONNX model that can be run')
  })

  it.each([
    [['--model', 'resnet10'], '--model resnet10 does not go with a backbone, on which a linear probe is trained'],
    [['--augment', 'mirror'], 'options: training.augmentation does not go with a backbone'],
    [['--augment', 'crop'], 'options: training.augmentation does not go with a backbone'],
    [['--preprocessing', 'gcn-zca'], 'options: preprocessing does not go with a backbone: it scales pixels itself'],
    [['--snapshots', '5'], 'options: snapshots does not go with a backbone'],
  ])('does not go with %s', async (flags, message) => {
    await expect(configOf('--backbone', path, ...flags)).rejects.toThrow(message)
  })

  it('goes with flags that say what it does anyway', async () => {
    const flags = ['--augment', 'none', '--preprocessing', 'none', '--snapshots', '0']
    expect((await configOf('--backbone', path, ...flags)).backbone).toBeDefined()
  })
})
