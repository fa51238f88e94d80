import { EvenkeelError } from '../../base/errors.ts'
import { sameShape } from '../graph/shape.ts'
import { defineOp, type FloatTensor, shapeError } from '../graph/tensor.ts'
import { mean } from './average.ts'
import { add, multiply, negate, subtract } from './elementwise.ts'
import { sum } from './reduce.ts'

function rows(name: string, type: string, gradient: (dy: FloatTensor, y: FloatTensor) => FloatTensor) {
  const op = defineOp<object>({
    name,
    infer: (inputs) => {
      if (inputs[0]!.dtype !== 'float32' || inputs[0]!.shape.length !== 2) {
        throw shapeError(name, 'logits float32 [N, C]', inputs)
      }
      return { dtype: 'float32', shape: inputs[0]!.shape }
    },
    gradient: (dy, node) => [gradient(dy, node as FloatTensor)],
    lower: (emit, inputs) => emit.node(type, inputs, { axis: 1 }),
  })
  return (logits: FloatTensor): FloatTensor => op([logits], {})
}

/** Probabilities of each row, logits [N, C] -> [N, C]; dx = y (dy - sum(dy y)). */
export const softmax = rows('softmax', 'Softmax', (dy, y) => {
  const weighted = multiply(dy, y)
  return subtract(weighted, multiply(y, sum(weighted, [1])))
})

// Its derivative asks for e^y: the softmax of x again, since log-softmax shifts each row by a constant.
/** Log-probabilities of each row, logits [N, C] -> [N, C]; dx = dy - softmax(x) sum(dy). */
export const logSoftmax = rows('logSoftmax', 'LogSoftmax', (dy, y) => subtract(dy, multiply(softmax(y), sum(dy, [1]))))

/**
 * Softmax cross-entropy: mean over the batch of -w sum_c t_c log p_c, in nats.
 *
 * @param logits [N, C]
 * @param targets [N, C]; rows are distributions (one-hot, smoothed or mixed)
 * @param weights [N], 1 for each example when absent; the mean divides by N, not by their sum
 */
export function softmaxCrossEntropy(logits: FloatTensor, targets: FloatTensor, weights?: FloatTensor): FloatTensor {
  if (!sameShape(logits.shape, targets.shape)) {
    throw shapeError('softmaxCrossEntropy', 'logits and targets of one shape [N, C]', [logits, targets])
  }
  if (weights && !sameShape(weights.shape, logits.shape.slice(0, 1))) {
    throw shapeError('softmaxCrossEntropy', 'logits [N, C] and weights [N]', [logits, weights])
  }
  const perExample = negate(sum(multiply(targets, logSoftmax(logits)), [1], false))
  return mean(weights ? multiply(perExample, weights) : perExample)
}

/**
 * Label smoothing: (1 - epsilon) t + epsilon / C, as PyTorch's `label_smoothing` (Szegedy et al. 2016, section 7, with the
 * uniform distribution).
 *
 * @param targets [N, C]; rows are distributions, and stay so
 * @param epsilon share that is spread evenly over all classes, in [0, 1)
 */
export function labelSmoothing(targets: FloatTensor, epsilon: number): FloatTensor {
  if (targets.shape.length !== 2) throw shapeError('labelSmoothing', 'targets [N, C]', [targets])
  if (!(epsilon >= 0 && epsilon < 1)) {
    throw new EvenkeelError('engine.option', `labelSmoothing's epsilon must be in [0, 1), got ${epsilon}`)
  }
  return add(multiply(targets, 1 - epsilon), epsilon / targets.shape[1]!)
}
