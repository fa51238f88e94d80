import type * as ort from 'onnxruntime-node'
import { EvenkeelError } from '../../base/errors.ts'
import type { TensorData } from '../graph/emitter.ts'
import { type DType, describe, type Shape, sameShape, size } from '../graph/shape.ts'
import { type Tensor, topologicalOrder } from '../graph/tensor.ts'
import { inputName } from '../ops/leaf.ts'
import { optimise } from '../passes/optimise.ts'
import { loadRuntime } from './load.ts'
import { type CompileOptions, openSession, resultName } from './session.ts'

/** A tensor with its numbers, fed to a program or returned by one; a result may be fed again without a copy. */
export interface Value {
  readonly shape: Shape
  readonly dtype: DType
  readonly data: TensorData
}

/** A compiled graph. One run at a time; it blocks its thread, so parallel work belongs in other processes. */
export interface Program {
  /** Takes a value for every input, by name, and returns the outputs by name. */
  run(feeds: Readonly<Record<string, Value>>): Promise<Record<string, Value>>
  /** Frees the native memory; the program cannot run afterwards. */
  dispose(): Promise<void>
}

const constructors = { float32: Float32Array, uint8: Uint8Array, int64: BigInt64Array, bool: Uint8Array } as const

/** Wraps numbers as a value, without a copy. */
export function value(dtype: DType, shape: Shape, data: TensorData): Value {
  if (data.length !== size(shape) || !(data instanceof constructors[dtype])) {
    const need = `${size(shape)} numbers in a ${constructors[dtype].name}`
    const got = `${data.length} in a ${data.constructor.name}`
    throw new EvenkeelError('engine.value', `${describe({ dtype, shape })} needs ${need}, got ${got}`)
  }
  return { dtype, shape, data }
}

/** float32 values; a number becomes a scalar. */
export function floats(shape: Shape, data: Float32Array | number): Value {
  return value('float32', shape, typeof data === 'number' ? Float32Array.of(data) : data)
}

/** Compiles the graph behind `outputs`; on the CPU for one thread. */
export async function compile(
  outputs: Readonly<Record<string, Tensor>>,
  options: CompileOptions = {},
): Promise<Program> {
  const expected = declaredInputs(outputs)
  const runtime = await loadRuntime()
  const session = await openSession(optimise(outputs), options)
  const wrapped = new WeakMap<Value, ort.Tensor>()
  const wrap = (name: string, given: Value | undefined) => {
    checkFeed(name, expected.get(name)!, given)
    let tensor = wrapped.get(given)
    if (!tensor) {
      tensor = new runtime.Tensor(given.dtype, given.data as Float32Array, given.shape)
      wrapped.set(given, tensor)
    }
    return tensor
  }
  return {
    async run(feeds) {
      const inputs: Record<string, ort.Tensor> = {}
      for (const name of expected.keys()) inputs[name] = wrap(name, feeds[name])
      const results = await session.run(inputs)
      const values: Record<string, Value> = {}
      for (const [name, node] of Object.entries(outputs)) {
        const tensor = results[resultName(name)]!
        const result = { dtype: node.dtype, shape: node.shape, data: tensor.data as TensorData }
        wrapped.set(result, tensor)
        values[name] = result
      }
      return values
    },
    dispose: () => session.release(),
  }
}

export function declaredInputs(outputs: Readonly<Record<string, Tensor>>): Map<string, Tensor> {
  const declared = new Map<string, Tensor>()
  for (const node of topologicalOrder(Object.values(outputs))) {
    const name = inputName(node)
    if (name === undefined) continue
    if (declared.has(name)) throw new EvenkeelError('engine.input', `two inputs are named '${name}'`)
    declared.set(name, node)
  }
  return declared
}

/** Refuses what does not fit an input. */
export function checkFeed(name: string, declared: Tensor, given: Value | undefined): asserts given is Value {
  if (!given || given.dtype !== declared.dtype || !sameShape(given.shape, declared.shape)) {
    const got = given ? describe(given) : 'nothing'
    throw new EvenkeelError('engine.feed', `input '${name}' needs ${describe(declared)}, got ${got}`)
  }
  if (given.data.length !== size(given.shape)) {
    throw new EvenkeelError('engine.feed', `input '${name}' is a result that was released`)
  }
}
