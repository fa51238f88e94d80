import type { Tensor } from '../graph/tensor.ts'
import { type Graph, rewrite } from './rewrite.ts'

/**
 * Common subexpressions: of nodes with the same operation, the same inputs and equal attributes one is kept. Every operation
 * is a function of its inputs and attributes, so equal nodes have equal values; two inputs of one name are one.
 */
export function shareCommon(graph: Graph): Graph {
  const numbers = new Map<object, number>()
  const numberOf = (thing: object) => {
    const number = numbers.get(thing) ?? numbers.size
    numbers.set(thing, number)
    return number
  }
  const kept = new Map<string, Tensor[]>()
  return rewrite(graph, (node) => {
    const key = [numberOf(node.op), node.inputs.map(numberOf), JSON.stringify(node.attributes, withoutData)].join(' ')
    const alike = kept.get(key) ?? []
    const equal = alike.find((other) => sameData(other.attributes, node.attributes))
    if (!equal) kept.set(key, [...alike, node])
    return equal
  })
}

// Numbers can be many (weights as constants), so a key holds their count, and few candidates are compared byte by byte.
function withoutData(_name: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) ? `${value.byteLength} bytes` : value
}

function sameData(a: object, b: object): boolean {
  const others = Object.values(b)
  return Object.values(a).every((value, i) => !ArrayBuffer.isView(value) || bytesOf(value).equals(bytesOf(others[i])))
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength)
}
