/** The two sides as processes of their own, each with one thread, that print what they measured as a line of JSON. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { workerFlags } from '../dist/queue/worker-process.js'

const run = promisify(execFile)
/** One thread each; and Python leaves no compiled files in the tree. */
const env = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', PYTHONDONTWRITEBYTECODE: '1' }
const pathOf = (name) => fileURLToPath(new URL(name, import.meta.url))

/**
 * What every comparison is told.
 *
 * @typedef {object} Context
 * @property {boolean} quick
 * @property {string | undefined} python the interpreter that has the peer; undefined without one
 * @property {string} images folder of MNIST, or of made-up images of its size, as IDX files
 * @property {string} scratch folder for what a side writes
 */

/** Runs a program to its end: what it printed, and its `seconds` on the clock. */
async function timed(program, parameters) {
  const since = performance.now()
  const { stdout } = await run(program, parameters, { env, maxBuffer: 2 ** 26 })
  return { stdout, seconds: (performance.now() - since) / 1000 }
}

/** Runs a program that prints JSON: that, with its `seconds`. */
async function reported(program, parameters) {
  const { stdout, seconds } = await timed(program, parameters)
  return { ...JSON.parse(stdout), seconds }
}

/**
 * Runs bench/evenkeel/<script>.mjs, as a study runs its workers.
 *
 * @param {string} script
 * @param {...(string | object)} parameters objects go as JSON
 * @returns {Promise<object>} what it printed, with its `seconds` from start to end
 */
export async function evenkeel(script, ...parameters) {
  const words = parameters.map((parameter) => (typeof parameter === 'string' ? parameter : JSON.stringify(parameter)))
  return reported(process.execPath, [...workerFlags, pathOf(`evenkeel/${script}.mjs`), ...words])
}

/** Runs the built tool with these words; seconds from start to end. */
export async function tool(...words) {
  return (await timed(process.execPath, [pathOf('../dist/cli/bin.js'), ...words])).seconds
}

/**
 * PyTorch's side in its default order of memory.
 *
 * @param {Context} context
 * @param {(run: (script: string, spec: object) => Promise<object>, round: number) => Promise<object>} measure is given what
 *   runs bench/pytorch/<script>.py in that order
 * @returns {Record<string, (round: number) => Promise<object>>} none without the peer
 */
export function inUsualOrder({ python }, measure) {
  return python ? { PyTorch: inOrder(python, 'contiguous_format', measure) } : {}
}

/** PyTorch's sides by name: in its default order of memory, and except in a quick run in `channels_last`. */
export function pytorch(context, measure) {
  const usual = inUsualOrder(context, measure)
  if (!context.python || context.quick) return usual
  return { ...usual, 'PyTorch, channels last': inOrder(context.python, 'channels_last', measure) }
}

function inOrder(python, format, measure) {
  const runScript = (script, spec) =>
    reported(python, [pathOf(`pytorch/${script}.py`), JSON.stringify({ ...spec, format })])
  return (round) => measure(runScript, round)
}

/**
 * The first interpreter that has the peer.
 *
 * @param {string | undefined} named the only one to be tried
 */
export async function pythonWithTorch(named) {
  for (const candidate of named ? [named] : ['python3', '/usr/bin/python3']) {
    const works = await run(candidate, ['-c', 'import numpy, torch'], { env }).then(
      () => true,
      () => false,
    )
    if (works) return candidate
  }
  return undefined
}
