/**
 * Peak resident memory of one worker process in a study of 50,000 training images of MNIST's size, LeNet-5, evaluation included:
 * node bench/evenkeel/memory.mjs [--mnist DIR] [--iterations N] prints one line of JSON, in MB, for a training of the
 * whole network alone and for one that a head-only phase follows. Linux alone tells a process's peak.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { resolveConfig, runStudy } from '../../dist/study/index.js'
import { withImages } from './images.mjs'

const { values: options } = parseArgs({ options: { mnist: { type: 'string' }, iterations: { type: 'string' } } })
const studies = { oneTraining: ['baseline'], twoPhases: ['baseline', 'two-phase-oversampling'] }

if (process.platform !== 'linux') {
  console.log(JSON.stringify({ skipped: `${process.platform} does not tell the peak memory of a process` }))
} else {
  const peaks = {}
  for (const [name, methods] of Object.entries(studies)) peaks[name] = await peakOf(methods)
  console.log(JSON.stringify(peaks))
}

function peakOf(methods) {
  return withImages(options.mnist, async (images, directory) => {
    const config = resolveConfig({
      datasets: [`mnist:${images}`],
      split: { poolPerClass: 5000 },
      profiles: [{ kind: 'natural' }],
      methods,
      replicates: 1,
      training: { iterations: Number(options.iterations ?? 100) },
    })
    let peak = 0
    // A worker waits until its event is stored, so it can be looked at.
    const onEvent = ({ type }) => {
      if (type === 'trial') peak = Math.max(peak, ...childrenOf(process.pid).map(peakMemory))
    }
    const outcome = await runStudy(config, { directory, workers: 1, onEvent })
    if (outcome.status !== 'complete') throw new Error(`the study ended as ${outcome.status}`)
    return peak
  })
}

function childrenOf(pid) {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean)
}

/** MB */
function peakMemory(pid) {
  const [, kibibytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Math.round((kibibytes * 1024) / 1e6)
}
