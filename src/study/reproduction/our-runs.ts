import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { StudySummary } from './open-evidence.ts'
import type { RuleReading } from './page.ts'

/** This file lies three folders below the package's root, as source and when built. */
const PATH = fileURLToPath(new URL('../../../assets/reproduction.json', import.meta.url))

/** What the studies of docs/reproduction.md say of the paper's recommendations. */
export interface OurRuns {
  readonly studies: readonly StudySummary[]
  readonly rules: readonly Pick<RuleReading, 'id' | 'ours'>[]
}

/** Shipped with the package: what `evenkeel advise --json` printed for those studies. */
export async function ourRuns(): Promise<OurRuns> {
  return JSON.parse(await readFile(PATH, 'utf8')) as OurRuns
}
