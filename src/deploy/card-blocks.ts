import type { Table } from '../study/reproduction/page.ts'

/**
 * What whoever uses a model should know of it, after Mitchell et al. ("Model Cards for Model Reporting", FAT* 2019): what it is for, what
 * it was made of, how well networks like it did and on what, and where it must not be believed. It follows from the manifest alone.
 */
export interface Card {
  readonly title: string
  readonly lead: string
  readonly sections: readonly CardSection[]
}

export interface CardSection {
  readonly id: string
  /** In a word, for a bar of contents. */
  readonly name: string
  readonly title: string
  readonly blocks: readonly Block[]
}

/** Plain text throughout: whoever renders it sees to the escaping. */
export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'table'; readonly table: Table }
  | { readonly kind: 'code'; readonly language: string; readonly code: string }

export const text = (...sentences: readonly string[]): Block => ({ kind: 'text', text: sentences.join(' ') })
export const list = (...items: readonly string[]): Block => ({ kind: 'list', items })
export const code = (language: string, code: string): Block => ({ kind: 'code', language, code })
export const table = (caption: string, columns: readonly string[], rows: Table['rows']): Block => ({
  kind: 'table',
  table: { caption, columns, rows },
})
