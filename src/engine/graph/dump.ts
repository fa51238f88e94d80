import { describe } from './shape.ts'
import { type Tensor, topologicalOrder } from './tensor.ts'

/**
 * A graph as text, a line a node in the order of evaluation, for snapshots and for reading:
 * `%3 = conv2d(%0, %1, %2) {stride: [1,1], pad: [0,0]} : float32[64, 20, 24, 24]`.
 */
export function dump(outputs: Readonly<Record<string, Tensor>>): string {
  const order = topologicalOrder(Object.values(outputs))
  const names = new Map(order.map((node, i) => [node, `%${i}`]))
  const lines = order.map((node) => {
    const inputs = node.inputs.map((t) => names.get(t)).join(', ')
    return `${names.get(node)} = ${node.op.name}(${inputs})${attributeText(node)} : ${describe(node)}`
  })
  const results = Object.entries(outputs).map(([name, node]) => `${name} = ${names.get(node)}`)
  return [...lines, `return ${results.join(', ')}`, ''].join('\n')
}

function attributeText(node: Tensor): string {
  // dtype and shape stand in the result's type already; values are shown when they are few.
  const shown = Object.entries(node.attributes).filter(([key]) => key !== 'dtype' && key !== 'shape')
  if (shown.length === 0) return ''
  return ` {${shown.map(([key, value]) => `${key}: ${valueText(value)}`).join(', ')}}`
}

function valueText(value: unknown): string {
  if (ArrayBuffer.isView(value)) {
    const items = Array.from(value as unknown as ArrayLike<number | bigint>)
    return items.length <= 4 ? `[${items.join(',')}]` : `[${items.length} values]`
  }
  return Array.isArray(value) ? `[${value.join(',')}]` : String(value)
}
