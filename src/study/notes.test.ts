import { expect, it } from 'vitest'
import type { SplitOptions } from '../data/index.ts'
import { notesOn } from './notes.ts'
import type { Plan } from './plan.ts'

const plan = (test: number[], selection: number[], split: SplitOptions = { test: 'official' }, replicates = 1) =>
  ({
    config: {},
    cells: [{ dataset: 'cells', profile: { kind: 'natural' }, replicates }],
    datasets: [{ name: 'cells', classNames: ['basophil', 'neutrophil'], pool: [100, 100], test, selection, split }],
  }) as unknown as Plan

it('says what three images of a class can and cannot say', () => {
  const [first, second] = notesOn(plan([1, 62], [1, 31]))
  // Wilson's lower limit for 1 of 1: 1 / (1 + 1.96^2) = 0.2065
  expect(first).toContain("Class 'basophil' of 'cells' has 1 test image")
  expect(first).toContain('as low as 0.21')
  expect(second).toContain("'basophil' (1)")
})

it('says what features come from', () => {
  const backbone = {
    path: 'models/resnet50.onnx',
    sha256: '1a2b3c4d5e6f7'.padEnd(64, '0'),
    output: 'pooled',
    featureCount: 2048,
    scaling: 'imagenet',
  }
  const seen = { ...plan([100, 100], [50, 50]), config: { backbone } } as unknown as Plan
  expect(notesOn(seen)).toEqual([
    "Every method trains a linear probe on the 2048 features that output 'pooled' of resnet50.onnx (sha256 1a2b3c4d5e6f, pixels scaled as 'imagenet') gives of an image. Where that network was trained on some of these images, all figures flatter.",
  ])
})

it('has nothing to say where there is enough, or where nothing is chosen', () => {
  expect(notesOn(plan([100, 100], [50, 50]))).toEqual([])
  expect(notesOn(plan([100, 100], [0, 0]))).toEqual([])
})

it('says that replicates which split the same images share them, and how much wider intervals are for that', () => {
  const drawn: SplitOptions = { test: { fraction: 0.3 } }
  // sqrt(1 + 5 * 60 / 200)
  expect(notesOn(plan([30, 30], [50, 50], drawn, 5))).toEqual([
    "The 5 replicates split the same images of 'cells' anew and so share many of them: intervals are 1.6 times as wide as for independent ones, and tests as much less sure (Nadeau and Bengio 2003).",
  ])
  expect(notesOn(plan([30, 30], [50, 50], drawn, 1))).toEqual([])
})

it('says that intervals know of no other test images where all replicates test the same', () => {
  expect(notesOn(plan([100, 100], [50, 50], { test: 'official' }, 5))).toEqual([
    expect.stringMatching(
      /^Every replicate tests images of the official test set of 'cells': .* with these very test images/,
    ),
  ])
})

it('counts what is different on the test images of a class', () => {
  const { datasets, ...rest } = plan([20, 62], [20, 31])
  const notes = notesOn({ ...rest, datasets: [{ ...datasets[0]!, testUnits: [1, 62] }] })
  expect(notes).toEqual([
    expect.stringMatching(
      /^Class 'basophil' of 'cells' has 20 test images of 1 different thing: even .* as low as 0\.21/,
    ),
  ])
})
