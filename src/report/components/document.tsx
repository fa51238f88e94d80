import { createHash } from 'node:crypto'
import type { ComponentChildren } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { style } from '../style.css.ts'

/** The page's only script: it reveals the button that overrides the system's theme. Without it nothing is missing. */
const script = `
const button = document.getElementById('theme')
const dark = () => getComputedStyle(document.documentElement).colorScheme === 'dark'
  || (document.documentElement.dataset.theme === undefined && matchMedia('(prefers-color-scheme: dark)').matches)
button.hidden = false
button.onclick = () => { document.documentElement.dataset.theme = dark() ? 'light' : 'dark' }
`

/** Nothing is fetched, and no script runs but the one above: the browser itself holds the page to it. Pictures stand in the page. */
const policy = `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`

export interface DocumentProps {
  readonly title: string
  /** Anchors and their names, for the bar at the top. */
  readonly contents: readonly (readonly [id: string, title: string])[]
  /** Rules of this page beside those of all. */
  readonly rules?: string | undefined
  readonly children: ComponentChildren
}

/** A whole HTML file that needs nothing else: it opens from a disk, in light and dark, on a phone and on paper. */
export function renderDocument(props: DocumentProps): string {
  return `<!doctype html>\n${renderToString(<Document {...props} />)}\n`
}

function Document({ title, contents, rules = '', children }: DocumentProps) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={policy} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · evenkeel`}</title>
        <style dangerouslySetInnerHTML={{ __html: style + rules }} />
      </head>
      <body>
        <header>
          <h1>{title}</h1>
          <nav aria-label="Contents">
            {contents.map(([id, name]) => (
              <a key={id} href={`#${id}`}>
                {name}
              </a>
            ))}
          </nav>
          <button id="theme" type="button" hidden aria-label="Switch between light and dark">
            ◐
          </button>
        </header>
        <main>{children}</main>
        <script dangerouslySetInnerHTML={{ __html: script }} />
      </body>
    </html>
  )
}
