/** The LeNet-5 step and evaluation, evenkeel against PyTorch, one thread each, in processes that take turns. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { takeTurns } from '../measure.mjs'
import { EVALUATED } from '../problem.mjs'

const run = promisify(execFile)
const script = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url))
const env = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' }

/** Largest relative difference of a loss, and largest difference of a probability. */
const TOLERANCE = 1e-4

/** @returns {Promise<import('../measure.mjs').Comparison[]>} */
export async function lenet5({ quick, python }) {
  const [rounds, ...counts] = quick ? [3, 10, 30, 5] : [8, 20, 100, 10]
  const interpreter = await pythonWithTorch(python)
  const commands = { evenkeel: [process.execPath, script('evenkeel/lenet5.mjs'), ...counts] }
  if (interpreter) {
    const pytorch = [interpreter, script('pytorch/lenet5.py'), ...counts]
    commands.PyTorch = [...pytorch, 'contiguous_format']
    commands['PyTorch, channels last'] = [...pytorch, 'channels_last']
  } else {
    console.error('PyTorch is skipped: no Python with torch and numpy was found (--python names one)')
  }

  const reports = {}
  const measure = (name) => async () => {
    const [program, ...parameters] = commands[name]
    const { stdout } = await run(program, parameters.map(String), { env })
    const report = JSON.parse(stdout)
    reports[name] = report
    return [report]
  }
  const sides = await takeTurns(rounds, Object.fromEntries(Object.keys(commands).map((name) => [name, measure(name)])))
  const pick = (valuesOf) =>
    sides.map(({ name, rounds }) => ({ name, rounds: rounds.map(([report]) => valuesOf(report)) }))
  const notes = Object.keys(reports)
    .slice(1)
    .map((name) => agreement(name, reports))
  return [
    { title: 'LeNet-5 training step, batch 64', unit: 'ms', better: 'lower', sides: pick(({ steps }) => steps), notes },
    {
      title: 'LeNet-5 evaluation',
      unit: 'images/s',
      better: 'higher',
      sides: pick(({ evaluations }) => evaluations.map((ms) => (EVALUATED * 1000) / ms)),
    },
  ]
}

/** That both engines compute the same, or the comparison means nothing. */
function agreement(name, { evenkeel: ours, [name]: theirs }) {
  const loss = Math.max(...ours.losses.map((value, step) => Math.abs(value / theirs.losses[step] - 1)))
  const probability = Math.max(...ours.probabilities.map((value, i) => Math.abs(value - theirs.probabilities[i])))
  const found = `${name} ${theirs.version}: the losses of the first ${ours.losses.length} steps differ by at most ${loss.toExponential(1)} (relative), probabilities by ${probability.toExponential(1)}`
  if (!(loss < TOLERANCE && probability < TOLERANCE)) throw new Error(`the engines disagree; ${found}`)
  return found
}

/** The first interpreter that has the peer. */
async function pythonWithTorch(named) {
  for (const candidate of named ? [named] : ['python3', '/usr/bin/python3']) {
    const works = await run(candidate, ['-c', 'import numpy, torch'], { env }).then(
      () => true,
      () => false,
    )
    if (works) return candidate
  }
  return undefined
}
