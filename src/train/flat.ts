import {
  concat,
  type FloatTensor,
  floats,
  input,
  reshape,
  type Shape,
  size,
  slice,
  type Value,
} from '../engine/index.ts'
import { isRunning, isTrained, type Named, type Parameter } from '../nn/index.ts'

/**
 * How parameters cross the border of a program. A large one crosses by itself. Small ones that are updated alike (biases,
 * normalisation, running averages) cross as one vector and are updated in one go: a network has dozens of them, and each would
 * cost a call where its numbers cost nothing. Checkpoints know nothing of this; `pack` and `unpack` stand between.
 */
export interface Bundle {
  /** Of the program's input and output: the parameter's own, or `flat/<i>`. */
  readonly name: string
  readonly shape: Shape
  /** One large parameter, or small ones end to end; all have the multipliers of the first. */
  readonly members: readonly Parameter[]
}

/** From this many numbers on, copying a parameter into a vector costs more than its own update does. */
const LARGE = 4096

/** Which small parameters are updated alike. */
function groupOf(parameter: Parameter): string {
  const { learningRateMultiplier, weightDecayMultiplier } = parameter
  if (isTrained(parameter)) return `${learningRateMultiplier} ${weightDecayMultiplier}`
  return isRunning(parameter) ? 'running' : 'fixed'
}

/** The bundles of some parameters, in the order of their first members. */
export function bundlesOf(parameters: readonly Parameter[]): readonly Bundle[] {
  const groups = new Map<string, Parameter[]>()
  for (const parameter of parameters) {
    const key = size(parameter.shape) < LARGE ? groupOf(parameter) : parameter.name
    groups.set(key, [...(groups.get(key) ?? []), parameter])
  }
  let flats = 0
  return [...groups.values()].map((members) => {
    const [{ name, shape }] = members as [Parameter]
    if (members.length === 1) return { name, shape, members }
    const total = members.reduce((sum, member) => sum + size(member.shape), 0)
    return { name: `flat/${flats++}`, shape: [total], members }
  })
}

/** Calls `visit` with each member and where its numbers begin in the bundle. */
function eachMember(bundle: Bundle, visit: (member: Parameter, start: number) => void): void {
  let start = 0
  for (const member of bundle.members) {
    visit(member, start)
    start += size(member.shape)
  }
}

/** The bundle as an input of a graph, and its members cut from it. */
export function declare(bundle: Bundle): { whole: FloatTensor; members: Named<FloatTensor> } {
  const whole = input(bundle.name, 'float32', bundle.shape)
  const members: Record<string, FloatTensor> = {}
  eachMember(bundle, ({ name, shape }, start) => {
    members[name] = bundle.members.length === 1 ? whole : reshape(slice(whole, [start], [start + size(shape)]), shape)
  })
  return { whole, members }
}

/** Tensors of the members' shapes as one of the bundle's. */
export function join({ members }: Bundle, parts: Named<FloatTensor>): FloatTensor {
  if (members.length === 1) return parts[members[0]!.name]!
  return concat(
    members.map((member) => reshape(parts[member.name]!, [size(member.shape)])),
    0,
  )
}

/** The members' numbers as the bundle's value; members without numbers get zeros. */
export function pack(bundle: Bundle, numbersOf: (member: Parameter) => Float32Array | undefined): Value {
  const data = new Float32Array(size(bundle.shape))
  eachMember(bundle, (member, start) => data.set(numbersOf(member) ?? [], start))
  return floats(bundle.shape, data)
}

/** The numbers of each member; views of the value's own where the bundle is one parameter. */
export function unpack(bundle: Bundle, { data }: Value): readonly (readonly [Parameter, Float32Array])[] {
  const numbers: [Parameter, Float32Array][] = []
  eachMember(bundle, (member, start) => {
    const part = data as Float32Array
    numbers.push([member, bundle.members.length === 1 ? part : part.slice(start, start + size(member.shape))])
  })
  return numbers
}
