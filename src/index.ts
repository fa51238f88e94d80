/**
 * evenkeel as a library: the same parts that the command line is made of. Sub-paths hold the rest of each room:
 * `evenkeel/data`, `/methods`, `/metrics`, `/stats`, `/nn`, `/engine`, `/train`, `/study`, `/report`.
 */
export { EvenkeelError } from './base/errors.ts'
export { version } from './base/versions.ts'
export { arrays, type Dataset, imbalance, openDataset, split } from './data/index.ts'
export { methods, resolveMethod } from './methods/index.ts'
export { evaluate, metricRegistry } from './metrics/index.ts'
export { type Comparison, compareStudy, resolveConfig, runStudy, type StudyInput } from './study/index.ts'
