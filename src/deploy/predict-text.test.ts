import { parse } from 'csv-parse/sync'
import { expect, it } from 'vitest'
import type { ModelManifest } from './manifest.ts'
import type { Prediction } from './predict.ts'
import { type PredictionText, predictionCsv, predictionJson } from './predict-text.ts'

const manifest = { name: 'made', method: { key: 'baseline' }, labels: ['=1+1', 'a,"b"\nc'] } as unknown as ModelManifest

const predictions: Prediction[] = [
  {
    path: '@sum(a1).png',
    label: '=1+1',
    confidence: Math.fround(0.7),
    abstained: true,
    present: ['=1+1', 'a,"b"\nc'],
    probabilities: Float32Array.of(0.7, 0.3),
  },
  { path: '-new\nline', fault: 'there is no such file' },
  { path: 'c', label: 'a,"b"\nc', confidence: 1, abstained: false, present: [], probabilities: Float32Array.of(0, 1) },
]
const counts = { files: 3, decided: 1, abstained: 1, failed: 1 }

const written = (text: PredictionText) =>
  text.head() + text.rows(predictions.slice(0, 1)) + text.rows(predictions.slice(1)) + text.end(counts)

it('is CSV that no spreadsheet takes for formulas', () => {
  expect(parse(written(predictionCsv(manifest)))).toEqual([
    ['path', 'label', 'confidence', 'abstained', 'error', 'present', 'p_=1+1', 'p_a,"b"\nc'],
    ["'@sum(a1).png", "'=1+1", '0.7', 'true', '', '\'=1+1|a,"b"\nc', '0.7', '0.3'],
    ["'-new\nline", '', '', '', 'there is no such file', '', '', ''],
    ['c', 'a,"b"\nc', '1', 'false', '', '', '0', '1'],
  ])
})

it('is one JSON document', () => {
  expect(JSON.parse(written(predictionJson(manifest)))).toEqual({
    schemaVersion: 1,
    model: { name: 'made', method: 'baseline', labels: manifest.labels },
    predictions: [
      {
        path: '@sum(a1).png',
        label: '=1+1',
        confidence: 0.7,
        abstained: true,
        present: ['=1+1', 'a,"b"\nc'],
        probabilities: { '=1+1': 0.7, 'a,"b"\nc': 0.3 },
      },
      { path: '-new\nline', error: 'there is no such file' },
      {
        path: 'c',
        label: 'a,"b"\nc',
        confidence: 1,
        abstained: false,
        present: [],
        probabilities: { '=1+1': 0, 'a,"b"\nc': 1 },
      },
    ],
    counts,
  })
})
