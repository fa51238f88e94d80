import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { compile, dump, floats, input, size, softmaxCrossEntropy, type Value, value } from '../../engine/index.ts'
import { stateName, stepGraph } from '../../train/step.ts'
import { lenet5, parametersOf, sgd } from '../index.ts'

const shared = new URL('../../../../shared/', import.meta.url)
const reference = new URL('reference/training.json', shared)

describe('lenet5', () => {
  it('has the sizes of the paper at 28x28', () => {
    const net = lenet5({ input: [1, 28, 28], classes: 10 })
    const shapes = parametersOf(net).map(({ name, shape }) => `${name} ${shape.join('x')}`)
    expect(shapes).toEqual([
      'conv1.weights 20x1x5x5',
      'conv1.bias 20',
      'conv2.weights 50x20x5x5',
      'conv2.bias 50',
      'dense1.weights 500x800',
      'dense1.bias 500',
      'dense2.weights 10x500',
      'dense2.bias 10',
    ])
    expect(parametersOf(net).reduce((total, { shape }) => total + size(shape), 0)).toBe(431_080)
  })

  it('pads where the images are small', () => {
    const net = lenet5({ input: [1, 8, 8], classes: 10 })
    expect(net.bodyParameters.find(({ name }) => name === 'dense1.weights')!.shape).toEqual([500, 200])
    expect(() => lenet5({ input: [1, 3, 9], classes: 2 })).toThrow(
      'lenet5 needs images of at least 4x4 pixels, got 3x9',
    )
  })

  it('is the graph of Caffe and the paper', () => {
    const net = lenet5({ input: [1, 28, 28], classes: 10 })
    const parameters = Object.fromEntries(
      parametersOf(net).map(({ name, shape }) => [name, input(name, 'float32', shape)]),
    )
    expect(
      dump({ logits: net.logits(net.features(input('pixels', 'uint8', [64, 1, 28, 28]), parameters), parameters) }),
    ).toMatchInlineSnapshot(`
        "%0 = input() {name: pixels} : uint8[64, 1, 28, 28]
        %1 = cast(%0) : float32[64, 1, 28, 28]
        %2 = constant() {data: [256]} : float32[]
        %3 = divide(%1, %2) : float32[64, 1, 28, 28]
        %4 = input() {name: conv1.weights} : float32[20, 1, 5, 5]
        %5 = input() {name: conv1.bias} : float32[20]
        %6 = conv2d(%3, %4, %5) {stride: [1,1], pad: [0,0]} : float32[64, 20, 24, 24]
        %7 = maxPool2d(%6) {kernel: [2,2], stride: [2,2]} : float32[64, 20, 12, 12]
        %8 = input() {name: conv2.weights} : float32[50, 20, 5, 5]
        %9 = input() {name: conv2.bias} : float32[50]
        %10 = conv2d(%7, %8, %9) {stride: [1,1], pad: [0,0]} : float32[64, 50, 8, 8]
        %11 = maxPool2d(%10) {kernel: [2,2], stride: [2,2]} : float32[64, 50, 4, 4]
        %12 = reshape(%11) : float32[64, 800]
        %13 = input() {name: dense1.weights} : float32[500, 800]
        %14 = input() {name: dense1.bias} : float32[500]
        %15 = dense(%12, %13, %14) : float32[64, 500]
        %16 = relu(%15) : float32[64, 500]
        %17 = input() {name: dense2.weights} : float32[10, 500]
        %18 = input() {name: dense2.bias} : float32[10]
        %19 = dense(%16, %17, %18) : float32[64, 10]
        return logits = %19
        "
      `)
  })

  describe.skipIf(!existsSync(reference))('against PyTorch (shared reference data)', () => {
    it('follows 20 steps of SGD on MNIST', async () => {
      const suite = JSON.parse(readFileSync(reference, 'utf8'))
      const expected = suite.cases.find((entry: { name: string }) => entry.name === 'lenet5-mnist')
      const unzip = (file: string) => gunzipSync(readFileSync(new URL(`data/mnist/${file}`, shared)))
      const images = unzip('train-images-idx3-ubyte.gz').subarray(16)
      const labels = unzip('train-labels-idx1-ubyte.gz').subarray(8)

      const net = lenet5({ input: [1, 28, 28], classes: 10, pixelDivisor: 255, biasLearningRate: 1 })
      const all = parametersOf(net)
      const optimiser = sgd({ momentum: 0.9, weightDecay: 5e-4, nesterov: false, convention: 'pytorch' })
      const options = { network: net, trainable: 'all', batch: 64, loss: softmaxCrossEntropy, optimiser } as const
      const program = await compile(stepGraph(options))

      let state: Record<string, Value> = {}
      let weightIndex = 0
      for (const { name, shape, role, fanIn } of all) {
        const salt = role === 'weights' ? ++weightIndex : 0
        const start = Float32Array.from({ length: size(shape) }, (_, i) => {
          if (role === 'bias') return 0
          const hash = (BigInt(i) * 2654435761n + BigInt(salt) * 40503n * 65537n) % 4294967296n
          return 2 * (Number(hash) / 4294967296 - 0.5) * Math.sqrt(6 / fanIn)
        })
        state[name] = floats(shape, start)
      }
      for (const parameter of all) {
        state[stateName(parameter, 0)] = floats(parameter.shape, new Float32Array(size(parameter.shape)))
      }
      const batchAt = (start: number) => {
        const targets = new Float32Array(640)
        for (let i = 0; i < 64; i++) targets[i * 10 + labels[start + i]!] = 1
        const pixels = Uint8Array.from(images.subarray(start * 784, (start + 64) * 784))
        return { pixels: value('uint8', [64, 1, 28, 28], pixels), targets: floats([64, 10], targets) }
      }

      for (const [step, loss] of expected.float32.losses.entries()) {
        const { loss: got, ...next } = await program.run({
          ...state,
          ...batchAt(step * 64),
          learningRate: floats([], 0.01),
        })
        expect(Math.abs(Number(got!.data[0]) - loss) / loss, `loss of step ${step}`).toBeLessThan(1e-4)
        state = next
      }
      for (const [i, { name }] of all.entries()) {
        const norm = Math.sqrt((state[name]!.data as Float32Array).reduce((total, w) => total + w * w, 0))
        const { l2, first5 } = expected.float32.parameters[i]
        expect(Math.abs(norm - l2) / l2, `norm of ${name}`).toBeLessThan(1e-4)
        for (const [k, w] of first5.entries()) expect(Math.abs(Number(state[name]!.data[k]) - w)).toBeLessThan(1e-4)
      }

      const parameters = Object.fromEntries(all.map(({ name, shape }) => [name, input(name, 'float32', shape)]))
      const logits = net.logits(net.features(input('pixels', 'uint8', [64, 1, 28, 28]), parameters), parameters)
      const loss = softmaxCrossEntropy(logits, input('targets', 'float32', [64, 10]))
      const evaluation = await (await compile({ logits, loss })).run({ ...state, ...batchAt(50 * 64) })
      for (const [row, expectedRow] of expected.float32.evalLogitsFirst3.entries()) {
        for (const [k, logit] of expectedRow.entries()) {
          expect(Math.abs(Number(evaluation.logits!.data[row * 10 + k]) - logit)).toBeLessThan(1e-3)
        }
      }
      expect(Number(evaluation.loss!.data[0])).toBeCloseTo(expected.float32.evalLoss, 3)
    })
  })
})
