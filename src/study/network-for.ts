import type { Dataset } from '../data/index.ts'
import { linearProbe, modelById, type Network } from '../nn/index.ts'
import type { StudyConfig } from './config.ts'

/**
 * The network of a config for a dataset's images and classes; on a backbone it is a linear probe, whatever the model.
 *
 * @throws EvenkeelError `nn.network` where the images are too small for it
 */
export function networkFor(
  { model, preprocessing, backbone }: StudyConfig,
  { shape, classNames, maxPixel }: Pick<Dataset, 'shape' | 'classNames' | 'maxPixel'>,
): Network {
  if (backbone) return linearProbe({ featureCount: backbone.featureCount, classes: classNames.length })
  return modelById(model).build({ input: shape, classes: classNames.length, maxPixel, preprocessing })
}
