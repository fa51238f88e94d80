import type { Dataset } from '../data/index.ts'
import { modelById, type Network } from '../nn/index.ts'
import type { StudyConfig } from './config.ts'

/**
 * The network of a config for a dataset's images and classes.
 *
 * @throws EvenkeelError `nn.network` where the images are too small for it
 */
export function networkFor(
  { model, preprocessing }: StudyConfig,
  { shape, classNames, maxPixel }: Pick<Dataset, 'shape' | 'classNames' | 'maxPixel'>,
): Network {
  return modelById(model).build({ input: shape, classes: classNames.length, maxPixel, preprocessing })
}
