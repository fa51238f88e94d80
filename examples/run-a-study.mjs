// Run a small study and read its comparison. The same call goes on where an interrupted one stopped.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compareStudy, resolveConfig, runStudy } from 'evenkeel'

const config = resolveConfig({
  datasets: ['digits'],
  profiles: [{ kind: 'step', rho: 20, mu: 0.5 }],
  methods: ['oversampling', 'undersampling', 'thresholding'],
  replicates: 3,
  training: { iterations: 60 },
})
const directory = process.argv[2] ?? mkdtempSync(join(tmpdir(), 'evenkeel-'))
const outcome = await runStudy(config, { directory, workers: 2 })
console.log(`${outcome.done} of ${outcome.planned} trials done`)

const { cells, advice } = await compareStudy(directory)
for (const { method, metrics } of cells[0].results) {
  const { mean, low, high } = metrics.rocAuc
  console.log(`${method.padEnd(14)} ROC AUC ${mean.toFixed(4)} (95 % interval ${low.toFixed(4)} to ${high.toFixed(4)})`)
}
console.log(advice.headline)
