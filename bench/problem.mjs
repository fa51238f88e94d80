/**
 * The problem that both engines are given: starting weights and images from an integer hash, so that either language makes
 * them by itself, bit for bit. bench/pytorch/lenet5.py has the same in NumPy.
 */

export const BATCH = 64
export const BATCHES = 8
export const LEARNING_RATE = 0.01
export const MOMENTUM = 0.9
export const WEIGHT_DECAY = 5e-4
/** Images of one evaluation, in batches of 100. */
export const EVALUATED = 1000
/** First steps whose losses must agree. */
export const CHECKED = 10

/** A well mixed integer in [0, 2^32). */
function hash(i, salt) {
  let h = Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(salt + 1, 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d)
  return (h ^ (h >>> 13)) >>> 0
}

/**
 * Ten classes of 28x28 images: a noisy box whose place tells the class, on a black ground that ties in every pooling window.
 *
 * @param {number} count
 * @returns {{ pixels: Uint8Array, labels: Uint16Array }} pixels [count, 28, 28], labels [count]
 */
export function boxes(count) {
  const pixels = new Uint8Array(count * 784)
  const labels = Uint16Array.from({ length: count }, (_, n) => hash(n, 100) % 10)
  labels.forEach((label, n) => {
    const [top, left] = [4 + 10 * Math.floor(label / 5), 2 + 4 * (label % 5)]
    for (let row = top; row < top + 9; row++) {
      for (let column = left; column < left + 7; column++) {
        const at = n * 784 + row * 28 + column
        pixels[at] = hash(at, 101) >>> 24
      }
    }
  })
  return { pixels, labels }
}

/**
 * Biases of 0, weights uniform in +-sqrt(3 / fanIn).
 *
 * @param {readonly { name: string, shape: readonly number[], role: string, fanIn: number }[]} parameters
 * @returns {Record<string, Float32Array>} by name
 */
export function startingWeights(parameters) {
  return Object.fromEntries(
    parameters.map(({ name, shape, role, fanIn }, salt) => {
      const size = shape.reduce((product, length) => product * length, 1)
      const draw = (_, i) => (role === 'bias' ? 0 : (2 * (hash(i, salt) / 2 ** 32) - 1) * Math.sqrt(3 / fanIn))
      return [name, Float32Array.from({ length: size }, draw)]
    }),
  )
}
