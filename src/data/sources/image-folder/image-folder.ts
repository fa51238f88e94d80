import { basename } from 'node:path'
import type { Dataset } from '../../dataset.ts'
import { decodedDataset, LISTED_ROLES } from './decoded-dataset.ts'
import { listImages } from './listing.ts'
import type { ImageFolderOptions } from './options.ts'

export { type ImageFolderOptions, imageFolderOptions } from './options.ts'

/**
 * Images of any size, a folder for each class (see `listImages`), in colour, decoded once into a cache (see `decodedDataset`).
 *
 * @throws EvenkeelError those of `listImages` and `decodedDataset`
 */
export async function imageFolder(directory: string, options: ImageFolderOptions = {}): Promise<Dataset> {
  const { root, classes, notes } = listImages(directory, options)
  return decodedDataset(
    {
      name: basename(root),
      place: directory,
      root,
      classNames: classes.map(({ name }) => name),
      images: classes.flatMap((files, label) =>
        LISTED_ROLES.flatMap((role) => files[role].map((file) => ({ file, label, role }))),
      ),
      notes,
    },
    options,
  )
}
