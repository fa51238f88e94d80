import { h, type VNode } from 'preact'
import type { Svg } from '../charts/chart.ts'

interface ChartProps {
  readonly svg: Svg
  /** What a screen reader says instead of the drawing. */
  readonly title: string
  readonly description: string
}

/** A figure as part of the page. The drawing becomes elements of the page, so that all escaping is the renderer's. */
export function Chart({ svg, title, description }: ChartProps) {
  return (
    <svg class="chart" viewBox={svg.getAttribute('viewBox') ?? ''} role="img" aria-label={`${title}. ${description}`}>
      <title>{title}</title>
      <desc>{description}</desc>
      <Drawing svg={svg} />
    </svg>
  )
}

/** What is inside a figure. */
export function Drawing({ svg }: { readonly svg: Svg }) {
  return <>{toVNodes(svg)}</>
}

/** The part of the document model that is read here, the same in a browser and in Node. */
interface SvgNode {
  readonly nodeType: number
  readonly localName?: string
  readonly textContent: string | null
  readonly childNodes: ArrayLike<SvgNode>
  readonly attributes?: ArrayLike<{ readonly name: string; readonly value: string }>
}

const textNode = 3

function toVNodes(parent: SvgNode): (VNode | string)[] {
  return Array.from(parent.childNodes).flatMap((node) => {
    if (node.nodeType === textNode) return node.textContent ?? ''
    if (node.localName === undefined || node.localName === 'style') return []
    const attributes = Array.from(node.attributes ?? [])
      .filter(({ name }) => !name.startsWith('aria-') && name !== 'class')
      .map(({ name, value }) => [name, geometric.has(name) ? rounded(value) : value])
    return h(node.localName, Object.fromEntries(attributes), ...toVNodes(node))
  })
}

const geometric = new Set([
  'd',
  'transform',
  'x',
  'y',
  'x1',
  'x2',
  'y1',
  'y2',
  'width',
  'height',
  'r',
  'cx',
  'cy',
  'fill-opacity',
])

/** A hundredth of a pixel is finer than any screen; the rest would be half of the file. */
function rounded(value: string): string {
  return value.replace(/-?\d+\.\d{3,}(e-\d+)?/g, (number) => String(Number(Number(number).toFixed(2)) + 0))
}
