import { style } from '../../report/style.css.ts'
import type { ModelManifest } from '../manifest.ts'

/** The page's own looks, on top of the report's. */
export const pageStyle = `${style}
.try { max-width: 46rem; margin-top: 2.5rem; }
#drop {
  display: grid; place-content: center; place-items: center; gap: .8rem; min-height: 15rem; margin-top: 1.4rem; padding: 1.2rem;
  border: 2px dashed var(--line-strong); border-radius: 12px; background: var(--surface); text-align: center; cursor: pointer;
}
#drop.over { border-color: var(--accent); background: var(--ground); }
#invitation { color: var(--muted); font-size: .9rem; }
#drop:focus-within { outline: 2px solid var(--accent); outline-offset: 2px; }
#drop canvas { max-width: min(100%, 16rem); width: 16rem; border-radius: 6px; image-rendering: pixelated; }
#decision { margin-top: 1.6rem; font-size: 1.5rem; line-height: 1.25; font-weight: 680; letter-spacing: -.015em; }
#classes { width: 100%; margin-top: 1rem; border-collapse: collapse; }
#classes th { width: 1%; padding: .25rem .9rem .25rem 0; background: none; font-weight: 500; text-align: left; white-space: nowrap; }
#classes .chosen-class th { font-weight: 680; }
#classes td { padding: .25rem 0; }
#classes td:last-child { width: 4.2rem; text-align: right; }
#classes .bar { display: block; min-width: 2px; height: .8rem; border-radius: 2px; background: var(--accent); opacity: .55; }
#classes .chosen-class .bar { opacity: 1; }
.sure { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem .8rem; margin-top: 1.4rem; color: var(--muted); font-size: .9rem; }
.sure input { flex: 1 1 10rem; max-width: 18rem; accent-color: var(--accent); }
#trouble { color: var(--bad); }
`

/** The page as HTML; what it shows of a model comes as data, so that no label can be markup. */
export function page({ name, input, priors }: ModelManifest): string {
  const supposed = {
    train: 'as in the training images',
    balanced: 'equally frequent',
    given: 'as given when it was made',
    method: 'as often as its training method supposes',
  }
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${escaped(name)} · evenkeel</title>
    <link rel="stylesheet" href="/style.css">
    <link rel="icon" href="data:,">
    <script type="module" src="/code/deploy/try/browser/main.js"></script>
  </head>
  <body>
    <header><h1>${escaped(name)}</h1></header>
    <main>
      <section class="try">
        <h2>Try the model</h2>
        <p class="lead">It runs here, in your browser: no image leaves this machine. It sees ${input.width} x ${input.height} pixels,
          ${input.channels === 1 ? 'in grey' : 'in colour'}, and takes the classes to be ${supposed[priors.chosen]}.</p>
        <label id="drop">
          <input id="file" class="aloud" type="file" accept="image/*">
          <canvas id="seen" role="img" aria-label="What the model sees" hidden></canvas>
          <span id="invitation">Drop an image here, paste one, or choose a file.</span>
        </label>
        <noscript><p>The page needs JavaScript: the model runs in it.</p></noscript>
        <p id="state" class="hint">Loading the model; an image may be given already.</p>
        <p id="trouble" role="alert"></p>
        <p id="decision" aria-live="polite"></p>
        <div id="answer" hidden>
          <p id="how" class="hint"></p>
          <table id="classes" aria-label="Probabilities of the classes"></table>
          <label class="sure">Answer only when at least <output id="least">0 %</output> sure
            <input id="abstain" type="range" min="0" max="100" value="0"></label>
        </div>
      </section>
    </main>
  </body>
</html>
`
}

function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  }
  return text.replace(/[&<>"']/g, (character) => entities[character]!)
}
