import { didYouMean, EvenkeelError } from '../base/errors.ts'
import { readOptions, splitOptions } from '../base/options.ts'
import type { Backbone, Scaling } from '../train/index.ts'

/** What may stand behind the '?' of a backbone's path. */
const OPTIONS = {
  scaling: 'what its pixels are: imagenet, unit (0 to 1), symmetric (-1 to 1) or raw',
  output: 'name of the output that holds features',
}

/**
 * The backbone that a flag names, such as `model.onnx?scaling=unit&output=features`.
 *
 * @throws EvenkeelError `train.backbone` for options that a backbone does not have; those of `describeBackbone`
 */
export async function backboneNamed(text: string): Promise<Backbone> {
  const { describeBackbone, scalings } = await import('../train/index.ts')
  const [path, query] = splitOptions(text)
  const { scaling, output } = readOptions(query, { code: 'train.backbone', name: 'a backbone', known: OPTIONS })
  if (scaling !== undefined && !(scaling in scalings)) {
    const names = Object.keys(scalings)
    const sentence = `scaling of a backbone must be one of ${names.join(', ')}, got '${scaling}'`
    throw new EvenkeelError('train.backbone', sentence, didYouMean(scaling, names))
  }
  return describeBackbone(path, { scaling: scaling as Scaling | undefined, output })
}
