/** Disjoint sets of the numbers 0 .. count - 1, each alone at first. */
export interface DisjointSets {
  /** Makes one set of the two that hold these. */
  join(a: number, b: number): void
  /** The least number of the set that holds this one. */
  leastOf(member: number): number
}

/** Union-find with path halving (Tarjan and van Leeuwen 1984); the root of a set is its least member, whatever the order of joins. */
export function disjointSets(count: number): DisjointSets {
  const parent = Uint32Array.from({ length: count }, (_, i) => i)
  const leastOf = (member: number) => {
    let at = member
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!
      at = parent[at]!
    }
    return at
  }
  return {
    leastOf,
    join(a, b) {
      const [first, second] = [leastOf(a), leastOf(b)]
      if (first < second) parent[second] = first
      else parent[first] = second
    },
  }
}
