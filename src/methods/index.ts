export { crossEntropy, type Loss } from './losses/cross-entropy.ts'
export {
  defineMethod,
  type Method,
  type MethodEntry,
  type MethodOption,
  type Phase,
  type Recipe,
  settle,
} from './method.ts'
export { headTuning, phase } from './phase.ts'
export { type Posthoc, unchanged } from './posthoc/posthoc.ts'
export { thresholding } from './posthoc/thresholding.ts'
export { type MethodReference, methodById, methods, paperMethods, resolveMethod } from './recipes/registry.ts'
export { natural } from './samplers/natural.ts'
export { oversample } from './samplers/oversample.ts'
export type { IndexStream, Sampler } from './samplers/sampler.ts'
export { undersample } from './samplers/undersample.ts'
