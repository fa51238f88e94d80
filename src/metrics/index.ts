/** Arrays in, numbers out. Pure: runs in a browser. */
export * from './confusion.ts'
export * from './cost.ts'
export * from './evaluate.ts'
export * from './probability.ts'
export * from './ranking.ts'
export * from './registry.ts'
export {
  argmax,
  type Labels,
  macro,
  type PerClass,
  type Scores,
} from './scores.ts'
