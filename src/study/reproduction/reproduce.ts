import { claimsOf } from './claims/registry.ts'
import type { Evidence } from './evidence.ts'
import type { Reproduction } from './page.ts'
import { pagesOf } from './pages/registry.ts'
import { readRules } from './rules/registry.ts'

/** Everything that the paper asked, answered from what studies found. */
export function reproduce(evidence: Evidence): Reproduction {
  return { pages: pagesOf(evidence), claims: claimsOf(evidence), rules: readRules(evidence) }
}
