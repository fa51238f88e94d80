import { basename } from 'node:path'
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

/** What is trained, in words: 'resnet10', or 'linear probe on resnet50.onnx'. */
export function modelLabel({ model, backbone }: Pick<StudyConfig, 'model' | 'backbone'>): string {
  return backbone ? `linear probe on ${basename(backbone.path)}` : model
}
