import { EvenkeelError } from '../base/errors.ts'
import { type Dataset, type OpenOptions, parseReference, resolveReference } from '../data/index.ts'
import type { ModelManifest } from './manifest.ts'

/**
 * Opens labelled images so that a model can be judged on them: image files are decoded as those that it was trained on, whatever size
 * the reference asks for; arrays are as they are.
 *
 * @param place a path, or a reference such as `image-folder:photos`
 * @throws EvenkeelError `evaluate.shape` where the model looks at no squares, and those of `openDataset`
 */
export async function openForModel(
  place: string,
  { input, decoding }: ModelManifest,
  hooks: OpenOptions = {},
): Promise<Dataset> {
  const { source, argument, options } = parseReference(await resolveReference(place))
  if (!source.options || !('side' in source.options)) return source.load(argument, options, hooks)
  if (input.height !== input.width) {
    throw new EvenkeelError(
      'evaluate.shape',
      `the model looks at images of ${input.height} x ${input.width}, and image files are seen through squares`,
      'give the images as arrays of that size, such as npz',
    )
  }
  const [side, crop] = [String(decoding.shorterSide), String(input.height)]
  return source.load(argument, { ...options, side, crop }, hooks)
}
