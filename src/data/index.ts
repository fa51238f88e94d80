export {
  type ClassIndex,
  classCounts,
  classIndex,
  createDataset,
  type Dataset,
  type Examples,
  imageSize,
  imbalanceRatio,
  type Role,
} from './dataset.ts'
export { type CopyImage, gatherPixels } from './gather.ts'
export { type ImbalancedExamples, imbalance, type MinorityChoice } from './imbalance.ts'
export { type Profile, profileCounts, profileKey, profileLabel } from './profiles.ts'
export { arrays } from './sources/arrays.ts'
export { digits } from './sources/digits.ts'
export { idxDirectory } from './sources/idx.ts'
export { openDataset, sources } from './sources/registry.ts'
export { type Share, type Split, type SplitOptions, split } from './splits.ts'
