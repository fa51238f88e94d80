import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isFolder } from '../image-folder/listing.ts'

export const MANIFEST_NAME = /\.(csv|jsonl)(\.gz)?$/i

/** What a folder's manifest is called: the names that Hugging Face gave it. */
export const METADATA = ['metadata.csv', 'metadata.jsonl']

/** Whether `manifest` would read this path. */
export function looksLikeManifest(path: string): boolean {
  return manifestsAt(path).length > 0
}

/** The files of a path that `manifest` could read: itself, or of a folder those that are called as manifests are. */
export function manifestsAt(path: string): string[] {
  if (isFolder(path)) return METADATA.map((name) => join(path, name)).filter(existsSync)
  return MANIFEST_NAME.test(path) ? [path] : []
}
