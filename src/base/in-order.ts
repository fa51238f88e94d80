/** Results in the order of the items, while at most `most` are worked on or wait for their turn; items are asked for as they are needed. */
export async function* inOrder<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  most: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, void> {
  const pending: Promise<Result>[] = []
  for await (const item of items) {
    const result = work(item)
    // Whoever fails while others are waited for is heard when its turn comes.
    result.catch(() => {})
    pending.push(result)
    if (pending.length >= most) yield await pending.shift()!
  }
  for (const result of pending) yield await result
}
