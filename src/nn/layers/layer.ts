import { EvenkeelError } from '../../base/errors.ts'
import { add, type FloatTensor, input, type Shape } from '../../engine/index.ts'
import { evaluationContext, type ForwardContext } from '../forward.ts'
import type { Parameter } from '../parameter.ts'

/** A layer for a known input shape (without the batch). */
export interface Layer {
  readonly parameters: readonly Parameter[]
  readonly output: Shape
  forward(x: FloatTensor, context: ForwardContext): FloatTensor
}

/** A layer before its input shape is known. */
export type LayerFactory = (input: Shape) => Layer

/** A layer from its parameters and its graph; its output shape is what the engine infers from that graph. */
export function layerOf(shape: Shape, parameters: readonly Parameter[], forward: Layer['forward']): Layer {
  const placeholders = Object.fromEntries(parameters.map(({ name, shape }) => [name, input(name, 'float32', shape)]))
  const result = forward(input('x', 'float32', [1, ...shape]), evaluationContext(placeholders))
  return { parameters, output: result.shape.slice(1), forward }
}

/** A layer without parameters. */
export function pure(forward: (x: FloatTensor) => FloatTensor): LayerFactory {
  return (shape) => layerOf(shape, [], forward)
}

/** Layers one after another, as one layer; none at all are the identity. */
export function sequential(...factories: readonly LayerFactory[]): LayerFactory {
  return (shape) => {
    const layers: Layer[] = []
    let output = shape
    for (const factory of factories) {
      const layer = factory(output)
      layers.push(layer)
      output = layer.output
    }
    return {
      parameters: layers.flatMap((layer) => layer.parameters),
      output,
      forward: (x, context) => layers.reduce((value, layer) => layer.forward(value, context), x),
    }
  }
}

/**
 * The sum of a branch and of a way around it, by default the input itself (He et al. 2016).
 *
 * @throws EvenkeelError `nn.residual` where the two do not have one shape
 */
export function residual(branch: LayerFactory, shortcut: LayerFactory = sequential()): LayerFactory {
  return (shape) => {
    const [long, short] = [branch(shape), shortcut(shape)]
    if (long.output.join() !== short.output.join()) {
      throw new EvenkeelError(
        'nn.residual',
        `a branch that gives [${long.output.join(', ')}] cannot be added to a shortcut that gives [${short.output.join(', ')}]`,
        'give both one stride and one number of channels',
      )
    }
    return {
      parameters: [...long.parameters, ...short.parameters],
      output: long.output,
      forward: (x, context) => add(long.forward(x, context), short.forward(x, context)),
    }
  }
}
