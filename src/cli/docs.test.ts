import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { renderDocs } from './docs.ts'

const pages = Object.entries(renderDocs())

test.each(pages)('docs/%s is what the code says; UPDATE_DOCS=1 writes it again', (name, text) => {
  const path = fileURLToPath(new URL(`../../docs/${name}`, import.meta.url))
  if (process.env.UPDATE_DOCS) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  expect(readFileSync(path, 'utf8')).toBe(text)
})
