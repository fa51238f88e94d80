import { foldConstants } from './fold-constants.ts'
import type { Graph, Pass } from './rewrite.ts'
import { shareCommon } from './share-common.ts'
import { simplify } from './simplify.ts'

const passes: readonly Pass[] = [shareCommon, simplify, foldConstants]

/** Applies all passes, until none finds anything more. */
export function optimise(graph: Graph): Graph {
  const result = passes.reduce((sofar, pass) => pass(sofar), graph)
  const settled = Object.entries(graph).every(([name, tensor]) => result[name] === tensor)
  return settled ? result : optimise(result)
}
