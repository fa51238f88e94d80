import { readFileSync } from 'node:fs'

interface PackageFile {
  readonly version: string
  readonly dependencies: Readonly<Record<string, string>>
}

/** package.json lies two levels above this file, in the sources and in the build. */
const own = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as PackageFile

/** Version of evenkeel. */
export const version: string = own.version

/** The software that decides a result's bits: stored with a study, which another version does not continue. */
export function versions(): Record<string, string> {
  return {
    evenkeel: own.version,
    'onnxruntime-node': own.dependencies['onnxruntime-node']!,
    platform: `${process.platform}-${process.arch}`,
  }
}
