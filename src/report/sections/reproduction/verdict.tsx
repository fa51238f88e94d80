/** What a verdict looks like: a shape and a word, so that nobody needs the colour. */
const shapes = {
  'borne out': ['✓', 'good'],
  supports: ['✓', 'good'],
  agrees: ['✓', 'good'],
  contradicted: ['✕', 'bad'],
  opposes: ['✕', 'bad'],
  disagrees: ['✕', 'bad'],
  'undecided at this scale': ['○', 'open'],
  open: ['○', 'open'],
  undecided: ['○', 'open'],
} as const

export function VerdictMark({ verdict }: { readonly verdict: keyof typeof shapes }) {
  const [shape, tone] = shapes[verdict]
  return (
    <span class={`verdict ${tone}`}>
      <span aria-hidden="true">{shape}</span>
      {verdict}
    </span>
  )
}
