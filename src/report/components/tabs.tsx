import type { ComponentChildren } from 'preact'

export interface Tab {
  readonly id: string
  readonly label: string
  readonly content: ComponentChildren
}

/**
 * Tabs that need no script: radio buttons, whose state the style sheet reads (up to six). The arrow keys work; in print all
 * panels are shown.
 */
export function Tabs({
  name,
  label,
  tabs,
}: {
  readonly name: string
  readonly label: string
  readonly tabs: readonly Tab[]
}) {
  if (tabs.length === 1) return <>{tabs[0]!.content}</>
  return (
    <fieldset class="tabs">
      <legend>{label}</legend>
      {tabs.flatMap((tab, index) => [
        <input
          key={`${tab.id}-input`}
          type="radio"
          name={name}
          id={`${name}-${tab.id}`}
          checked={index === 0}
          autocomplete="off"
        />,
        <label key={`${tab.id}-label`} for={`${name}-${tab.id}`}>
          {tab.label}
        </label>,
      ])}
      {tabs.map((tab) => (
        <div key={tab.id} class="tab-panel">
          <p class="print-only">{tab.label}</p>
          {tab.content}
        </div>
      ))}
    </fieldset>
  )
}
