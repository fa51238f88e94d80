export interface KeyNumber {
  readonly name: string
  readonly value: string
  readonly note?: string | undefined
}

/** A row of numbers with their names above and a word on each below. */
export function KeyNumbers({ numbers }: { readonly numbers: readonly KeyNumber[] }) {
  return (
    <section id="numbers" aria-label="Key numbers">
      <dl class="key-numbers">
        {numbers.map(({ name, value, note }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <span class="value">{value}</span>
              {note === undefined ? null : <span class="note">{note}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
