import type { Remark } from '../remarks.ts'

/** Small labels beside a heading: what the numbers under it are, before anyone believes them. */
export function Remarks({ remarks }: { readonly remarks: readonly Remark[] }) {
  return (
    <>
      {remarks.map(({ text, more, isWarning, anchor }) => (
        <a key={text} class={isWarning ? 'remark warning' : 'remark'} title={more} href={`#${anchor}`}>
          {isWarning ? <span aria-hidden="true">▲ </span> : null}
          {text}
        </a>
      ))}
    </>
  )
}
