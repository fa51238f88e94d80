import { expect, it } from 'vitest'
import type { DatasetInfo } from './comparison.ts'
import { notesOn } from './notes.ts'
import type { Plan } from './plan.ts'

const plan = (test: number[], selection: number[]) =>
  ({
    datasets: [{ name: 'cells', classNames: ['basophil', 'neutrophil'], test, selection } as unknown as DatasetInfo],
  }) as unknown as Plan

it('says what three images of a class can and cannot say', () => {
  const [first, second] = notesOn(plan([1, 62], [1, 31]))
  // Wilson's lower limit for 1 of 1: 1 / (1 + 1.96^2) = 0.2065
  expect(first).toContain("Class 'basophil' of 'cells' has 1 test image")
  expect(first).toContain('as low as 0.21')
  expect(second).toContain("'basophil' (1)")
})

it('has nothing to say where there is enough, or where nothing is chosen', () => {
  expect(notesOn(plan([100, 100], [50, 50]))).toEqual([])
  expect(notesOn(plan([100, 100], [0, 0]))).toEqual([])
})
