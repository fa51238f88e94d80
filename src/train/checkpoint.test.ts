import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type Checkpoint,
  loadCheckpoint,
  removeCheckpoint,
  removeUnfinishedCheckpoints,
  saveCheckpoint,
} from './checkpoint.ts'

const checkpoint: Checkpoint = {
  iteration: 120,
  curve: [{ iteration: 100, loss: 0.1 + 0.2 }],
  pendingLoss: 1e-17 / 3,
  tensors: {
    'dense.weights': Float32Array.of(1.5, -0, Number.MIN_VALUE, 3.4e38, Math.PI),
    'dense.bias': Float32Array.of(10, 2570), // bytes of line ends
    empty: new Float32Array(0),
  },
}

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-checkpoint-'))
  path = join(folder, 'phases', 'phase.checkpoint')
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('a checkpoint', () => {
  it('comes back with every bit', async () => {
    await saveCheckpoint(path, checkpoint)
    expect(await loadCheckpoint(path)).toStrictEqual(checkpoint)
  })

  it('comes back whole where what is fixed was left out', async () => {
    const fixed = { 'whitening.mean': Float32Array.of(1, 2, 3) }
    await saveCheckpoint(path, checkpoint)
    const { size } = statSync(path)
    await saveCheckpoint(path, { ...checkpoint, tensors: { ...checkpoint.tensors, ...fixed } }, fixed)
    expect(statSync(path).size).toBe(size)
    const whole = await loadCheckpoint(path, fixed)
    expect(whole).toEqual({ ...checkpoint, tensors: { ...checkpoint.tensors, ...fixed } })
    expect(await loadCheckpoint(path)).toStrictEqual(checkpoint)
  })

  it('keeps a part of a larger buffer', async () => {
    const part = Float32Array.of(1, 2, 3, 4).subarray(1, 3)
    await saveCheckpoint(path, { ...checkpoint, tensors: { part } })
    expect((await loadCheckpoint(path))!.tensors.part).toEqual(Float32Array.of(2, 3))
  })

  it('replaces the one before, and leaves no other file', async () => {
    await saveCheckpoint(path, checkpoint)
    await saveCheckpoint(path, { ...checkpoint, iteration: 121 })
    expect((await loadCheckpoint(path))!.iteration).toBe(121)
    expect(readdirSync(join(folder, 'phases'))).toEqual(['phase.checkpoint'])
  })

  it('stays whole for a reader while it is replaced', async () => {
    const tensors = (value: number) => ({ weights: new Float32Array(200_000).fill(value) })
    await saveCheckpoint(path, { ...checkpoint, tensors: tensors(0) })
    let writing = true
    const writer = (async () => {
      for (let i = 1; i <= 10; i++) await saveCheckpoint(path, { ...checkpoint, iteration: i, tensors: tensors(i) })
      writing = false
    })()
    while (writing) {
      const read = await loadCheckpoint(path)
      const expected = read!.iteration === checkpoint.iteration ? 0 : read!.iteration
      expect(read!.tensors.weights!.every((w) => w === expected)).toBe(true)
    }
    await writer
  })

  it('is undefined where there is none, and after its removal', async () => {
    expect(await loadCheckpoint(path)).toBeUndefined()
    await saveCheckpoint(path, checkpoint)
    await removeCheckpoint(path)
    expect(await loadCheckpoint(path)).toBeUndefined()
    await removeCheckpoint(path)
  })

  it('is undefined with any byte flipped, header and numbers alike', async () => {
    await saveCheckpoint(path, checkpoint)
    const whole = readFileSync(path)
    for (let i = 0; i < whole.length; i++) {
      const damaged = Buffer.from(whole)
      damaged[i]! ^= 1
      writeFileSync(path, damaged)
      expect(await loadCheckpoint(path), `byte ${i}`).toBeUndefined()
    }
  })

  it('is undefined when cut off anywhere, or longer', async () => {
    await saveCheckpoint(path, checkpoint)
    const whole = readFileSync(path)
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(path, whole.subarray(0, length))
      expect(await loadCheckpoint(path), `${length} bytes`).toBeUndefined()
    }
    writeFileSync(path, Buffer.concat([whole, Buffer.of(0)]))
    expect(await loadCheckpoint(path)).toBeUndefined()
  })

  it.each(['', '\n', '{}\n', 'not ours', '{"iteration":120,"curve":[],"pendingLoss":0,"layout":[]}\n'])(
    'is undefined where the file says %j',
    async (text) => {
      writeFileSync(join(folder, 'foreign'), text)
      expect(await loadCheckpoint(join(folder, 'foreign'))).toBeUndefined()
    },
  )
})

describe('a checkpoint that cannot be written', () => {
  const phases = () => join(folder, 'phases')

  it.skipIf(!existsSync('/dev/full'))('leaves the one before and no other file on a full disk', async () => {
    await saveCheckpoint(path, checkpoint)
    symlinkSync('/dev/full', `${path}.${process.pid}`)
    await expect(saveCheckpoint(path, { ...checkpoint, iteration: 121 })).rejects.toThrow('ENOSPC')
    expect(readdirSync(phases())).toEqual(['phase.checkpoint'])
    expect((await loadCheckpoint(path))!.iteration).toBe(120)
  })

  it('leaves no file where a folder has its name', async () => {
    mkdirSync(join(path, 'folder'), { recursive: true })
    await expect(saveCheckpoint(path, checkpoint)).rejects.toThrow()
    expect(readdirSync(phases())).toEqual(['phase.checkpoint'])
  })
})

describe('removeUnfinishedCheckpoints', () => {
  it('removes what killed writers left, and nothing else', async () => {
    await saveCheckpoint(path, checkpoint)
    for (const name of ['phase.checkpoint.123', 'other.checkpoint.7', 'other.checkpoint.7.txt', 'notes.7']) {
      writeFileSync(join(folder, 'phases', name), 'cut off')
    }
    await removeUnfinishedCheckpoints(join(folder, 'phases'))
    expect(readdirSync(join(folder, 'phases')).sort()).toEqual([
      'notes.7',
      'other.checkpoint.7.txt',
      'phase.checkpoint',
    ])
    expect(await loadCheckpoint(path)).toStrictEqual(checkpoint)
  })

  it('finds nothing where there is no folder', async () => {
    await removeUnfinishedCheckpoints(join(folder, 'none'))
    expect(readdirSync(folder)).toEqual([])
  })
})
