import type * as ort from 'onnxruntime-node'
import { EvenkeelError } from '../../base/errors.ts'
import type { TensorData } from '../graph/emitter.ts'
import { type DType, describe } from '../graph/shape.ts'
import { loadRuntime } from './load.ts'
import { type Value, value } from './program.ts'
import { sessionOptions } from './session.ts'

/** An input or output of a model: a size that is left free has a name, such as 'N'. */
export interface OnnxTensor {
  readonly name: string
  readonly dtype: DType
  readonly shape: readonly (number | string)[]
}

/** A model from a file. One run at a time; it blocks its thread. */
export interface OnnxModel {
  readonly inputs: readonly OnnxTensor[]
  readonly outputs: readonly OnnxTensor[]
  /**
   * Takes a value for every input, by name, and returns the outputs by name.
   *
   * @throws EvenkeelError `engine.feed` where an input is missing or does not fit, `engine.onnx` where the model fails on its inputs
   */
  run(feeds: Readonly<Record<string, Value>>): Promise<Record<string, Value>>
  /** Frees the native memory; the model cannot run afterwards. */
  dispose(): Promise<void>
}

/**
 * Opens an ONNX model, whoever wrote it, on the CPU for one thread.
 *
 * @param bytes the file
 * @param name what errors call it, such as its path
 * @throws EvenkeelError `engine.onnx` where it is no model that ONNX Runtime can run, or has inputs or outputs that are no tensors of
 *   float32, uint8, int64 or bool
 */
export async function openOnnx(bytes: Uint8Array, name = 'the model'): Promise<OnnxModel> {
  const runtime = await loadRuntime()
  const session = await runtime.InferenceSession.create(bytes, { ...sessionOptions('cpu'), logSeverityLevel: 4 }).catch(
    (cause: Error) => {
      throw failure(`${name} is not an ONNX model that can be run`, cause)
    },
  )
  const inputs = session.inputMetadata.map((tensor) => checkedTensor(name, tensor))
  const outputs = session.outputMetadata.map((tensor) => checkedTensor(name, tensor))
  return {
    inputs,
    outputs,
    async run(feeds) {
      const wrapped = inputs.map((declared) => {
        const given = feeds[declared.name]
        checkFits(declared, given)
        return [declared.name, new runtime.Tensor(given.dtype, given.data as Float32Array, given.shape)] as const
      })
      const results = await session.run(Object.fromEntries(wrapped)).catch((cause: Error) => {
        throw failure(`${name} fails on its inputs`, cause)
      })
      return Object.fromEntries(
        outputs.map(({ name, dtype }) => {
          const { dims, data } = results[name]!
          return [name, value(dtype, dims, data as TensorData)]
        }),
      )
    },
    dispose: () => session.release(),
  }
}

function failure(sentence: string, cause: Error): EvenkeelError {
  return new EvenkeelError('engine.onnx', `${sentence}: ${cause.message.trim().split('\n')[0]}`, undefined, { cause })
}

function checkedTensor(model: string, tensor: ort.InferenceSession.ValueMetadata): OnnxTensor {
  const type = tensor.isTensor ? tensor.type : 'no tensor'
  if (tensor.isTensor && isDType(tensor.type)) return { name: tensor.name, dtype: tensor.type, shape: tensor.shape }
  const rule = 'inputs and outputs must be tensors of float32, uint8, int64 or bool'
  throw new EvenkeelError('engine.onnx', `${rule}, and '${tensor.name}' of ${model} is ${type}`)
}

function isDType(type: string): type is DType {
  return ['float32', 'uint8', 'int64', 'bool'].includes(type)
}

/** Refuses what does not fit an input. The runtime gives no sizes at all for a scalar and for a shape that is left open. */
function checkFits({ name, dtype, shape }: OnnxTensor, given: Value | undefined): asserts given is Value {
  const fits =
    given?.dtype === dtype &&
    (shape.length === 0 ||
      (shape.length === given.shape.length &&
        shape.every((size, axis) => typeof size === 'string' || size === given.shape[axis])))
  if (fits) return
  const got = given ? describe(given) : 'nothing'
  throw new EvenkeelError('engine.feed', `input '${name}' needs ${dtype}[${shape.join(', ')}], got ${got}`)
}
