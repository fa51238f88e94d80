/**
 * Runs the benchmarks against the built package, prints one table and writes every measured value to bench/results/.
 *
 * npm run bench -- [--quick] [--only NAME[,NAME]] [--mnist DIR] [--python PATH]
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { versions } from '../dist/base/versions.js'
import { lenet5 } from './comparisons/lenet5.mjs'
import { phases } from './comparisons/phases.mjs'
import { sharing, workers } from './comparisons/studies.mjs'
import { table } from './table.mjs'

const benchmarks = { lenet5, phases, workers, sharing }

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: Object.keys(benchmarks).join() },
    mnist: { type: 'string' },
    python: { type: 'string' },
  },
})
const names = options.only.split(',')
const unknown = names.find((name) => !Object.hasOwn(benchmarks, name))
if (unknown !== undefined) {
  console.error(`there is no benchmark '${unknown}'; there are ${Object.keys(benchmarks).join(', ')}`)
  process.exit(2)
}

const started = new Date()
const machine = {
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  node: process.versions.node,
  ...versions(),
}
const loadBefore = loadavg()[0]
const comparisons = []
for (const name of names) {
  console.error(`${name} ...`)
  comparisons.push(...(await benchmarks[name](options)))
}

const directory = fileURLToPath(new URL('results/', import.meta.url))
const file = `${directory}${started.toISOString().replaceAll(':', '-').slice(0, 19)}.json`
await mkdir(directory, { recursive: true })
const load = { before: loadBefore, after: loadavg()[0] }
await writeFile(file, `${JSON.stringify({ started, options, machine, load, comparisons }, null, 2)}\n`)

console.log(
  Object.entries(machine)
    .map(([key, value]) => `${key} ${value}`)
    .join(', '),
)
console.log(`load average ${load.before.toFixed(1)} before, ${load.after.toFixed(1)} after\n`)
console.log(table(comparisons))
console.log(`\nEvery value: ${file}`)
