import { createHash } from 'node:crypto'
import { renderToString } from 'preact-render-to-string'
import type { Comparison } from '../study/comparison.ts'
import { type ReportContext, type ReportExtras, reportContext } from './context.ts'
import { Failures, Reading, Reproduce } from './sections/appendix.tsx'
import { ConfusionMatrices } from './sections/confusion.tsx'
import { Distributions } from './sections/distributions.tsx'
import { FullTable } from './sections/full-table.tsx'
import { Headline } from './sections/headline.tsx'
import { KeyNumbers } from './sections/key-numbers.tsx'
import { Losses } from './sections/losses.tsx'
import { PerClass } from './sections/per-class.tsx'
import { Ranks } from './sections/ranks.tsx'
import { Results } from './sections/results.tsx'
import { Studied } from './sections/studied.tsx'
import { style } from './style.css.ts'

/** The page's only script: it reveals the button that overrides the system's theme. Without it nothing is missing. */
const script = `
const button = document.getElementById('theme')
const dark = () => getComputedStyle(document.documentElement).colorScheme === 'dark'
  || (document.documentElement.dataset.theme === undefined && matchMedia('(prefers-color-scheme: dark)').matches)
button.hidden = false
button.onclick = () => { document.documentElement.dataset.theme = dark() ? 'light' : 'dark' }
`

/** Nothing is fetched, and no script runs but the one above: the browser itself holds the page to it. */
const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`

/**
 * The whole report as one HTML file that needs nothing else: it opens from a disk, in light and dark, on a phone and on
 * paper. The same comparison gives the same bytes.
 */
export function renderReport(comparison: Comparison, extras: ReportExtras = {}): string {
  return `<!doctype html>\n${renderToString(<Page context={reportContext(comparison, extras)} />)}\n`
}

const contents = [
  ['results', 'Results'],
  ['classes', 'Classes'],
  ['ranks', 'Ranks'],
  ['table', 'All numbers'],
  ['reading', 'How to read'],
  ['reproduce', 'Reproduce'],
] as const

function Page({ context }: { readonly context: ReportContext }) {
  const { name } = context.comparison
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={policy} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${name} · evenkeel`}</title>
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body>
        <header>
          <h1>{name}</h1>
          <nav aria-label="Contents">
            {contents.map(([id, title]) => (
              <a key={id} href={`#${id}`}>
                {title}
              </a>
            ))}
          </nav>
          <button id="theme" type="button" hidden aria-label="Switch between light and dark">
            ◐
          </button>
        </header>
        <main>
          <Headline context={context} />
          <KeyNumbers context={context} />
          <Studied context={context} />
          <Distributions context={context} />
          <Results context={context} />
          <PerClass context={context} />
          <ConfusionMatrices context={context} />
          <Ranks context={context} />
          <Losses context={context} />
          <FullTable context={context} />
          <Failures context={context} />
          <Reading />
          <Reproduce context={context} />
        </main>
        <script dangerouslySetInnerHTML={{ __html: script }} />
      </body>
    </html>
  )
}
