import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/**
 * Where what can be made again is kept: `EVENKEEL_CACHE`, else `evenkeel` in `XDG_CACHE_HOME` or ~/.cache. It may be deleted when no
 * study runs.
 */
export function cacheFolder(): string {
  const { EVENKEEL_CACHE, XDG_CACHE_HOME = '' } = process.env
  const caches = isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(homedir(), '.cache')
  return EVENKEEL_CACHE || join(caches, 'evenkeel')
}
