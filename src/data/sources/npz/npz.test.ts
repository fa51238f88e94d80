import { fileURLToPath } from 'node:url'
import { assert, asyncProperty, constantFrom, integer, tuple } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arrayOf, fileOf, npyOf, npzOf, useFiles, zipOf } from './fixtures/archives.ts'
import { allocate } from './memory.ts'
import { npz, npzOptions } from './npz.ts'

useFiles()

const LABELS = arrayOf(Uint8Array.of(0, 1, 1, 0))

/** Four grey images of 2 x 2. */
const GREY = arrayOf(
  Uint8Array.from({ length: 16 }, (_, i) => 16 * i),
  4,
  2,
  2,
)

const imagesOf = ({ images }: Awaited<ReturnType<typeof npz>>) =>
  Array.from({ length: images.count }, (_, i) => [...images.read(i)])

describe('an archive', () => {
  it('of images and labels is a dataset', async () => {
    const dataset = await npz(npzOf({ x: GREY, y: LABELS, junk: LABELS }))
    expect(dataset).toMatchObject({
      name: 'set',
      shape: [1, 2, 2],
      classNames: ['0', '1'],
      labels: Uint16Array.of(0, 1, 1, 0),
      officialTestStart: undefined,
      groups: undefined,
      notes: ['not read: junk'],
    })
    expect(imagesOf(dataset)[1]).toEqual([64, 80, 96, 112])
    expect(dataset.nameOf!(3)).toBe('x[3]')
  })

  it('that NumPy wrote is read in all its orders and types', async () => {
    const dataset = await npz(fileURLToPath(new URL('fixtures/numpy.npz', import.meta.url)))
    expect(dataset).toMatchObject({
      shape: [3, 5, 4],
      classNames: ['basophil', 'eosinophil', 'lymphocyte µ'],
      labels: Uint16Array.of(1, 0, 1, 2, 2, 1, 0),
      officialTestStart: 4,
      groups: Uint32Array.of(0, 1, 0, 2, 3, 3, 4),
      notes: ['x_train is 4 x 5 x 4 x 3: read as nhwc, by its channels', 'the official test set is x_test'],
    })
    const pixelAt = (n: number, at: number) =>
      60 * n + 12 * Math.floor((at % 20) / 4) + 3 * (at % 4) + Math.floor(at / 20)
    const expected = [0, 1, 2, 3, 2, 1, 0].map((n) => Array.from({ length: 60 }, (_, at) => pixelAt(n, at)))
    expect(imagesOf(dataset)).toEqual(expected)
    expect([dataset.nameOf!(3), dataset.nameOf!(4)]).toEqual(['x_train[3]', 'x_test[0]'])
  })

  it('in the manner of MedMNIST has its official sets', async () => {
    const part = (role: string) => ({
      [`${role}_images`]: GREY,
      [`${role}_labels`]: arrayOf(Uint8Array.of(0, 1, 1, 0), 4, 1),
    })
    const dataset = await npz(npzOf({ ...part('train'), ...part('val'), ...part('test') }))
    expect(dataset).toMatchObject({ officialSelectionStart: 4, officialTestStart: 8 })
    expect(dataset.labels).toHaveLength(12)
    const withoutTest = await npz(npzOf({ ...part('train'), ...part('val') }))
    expect(withoutTest).toMatchObject({ officialSelectionStart: undefined, officialTestStart: 4 })
    expect(withoutTest.notes).toEqual(['the official test set is val_images'])
  })

  it('holds what is asked for by name', async () => {
    const arrays = { x: GREY, y: LABELS, cells: GREY, kinds: arrayOf(['b', 'a', 'a', 'b']) }
    const dataset = await npz(npzOf(arrays), { x: 'cells', y: 'kinds' })
    expect(dataset).toMatchObject({ classNames: ['a', 'b'], labels: Uint16Array.of(1, 0, 0, 1) })
    await expect(npz(npzOf(arrays), { y: 'kind' })).rejects.toMatchObject({
      code: 'data.npz',
      message: expect.stringContaining(
        "has no array 'kind'; it has x (|u1, 4 x 2 x 2), y (|u1, 4), cells (|u1, 4 x 2 x 2)",
      ),
      hint: "did you mean 'kinds'?",
    })
  })

  it('without arrays of usual names says what it has', async () => {
    await expect(npz(npzOf({ pictures: GREY, mean: npyOf('<f8', [], new Uint8Array(8)) }))).rejects.toMatchObject({
      message: expect.stringMatching(/it has pictures \(\|u1, 4 x 2 x 2\), mean \(<f8, a single item\)$/),
      hint: 'name them with the options x and y, such as x=images&y=labels',
    })
  })

  it('has the same content, however its pixels are laid out', async () => {
    const size = integer({ min: 1, max: 5 })
    const property = asyncProperty(tuple(size, size), constantFrom(1, 3), async ([height, width], channels) => {
      const pixel = (n: number, c: number, y: number, x: number) => (n * 89 + c * 53 + y * 31 + x * 7) % 256
      const fill = (sizes: number[], at: (index: number[]) => number) =>
        Uint8Array.from({ length: sizes.reduce((a, b) => a * b) }, (_, i) => {
          const index = sizes.map(() => 0)
          for (let axis = sizes.length - 1; axis >= 0; axis--) {
            index[axis] = i % sizes[axis]!
            i = Math.floor(i / sizes[axis]!)
          }
          return at(index)
        })
      const [nchw, nhwc] = [
        [4, channels, height, width],
        [4, height, width, channels],
      ]
      const first = fill(nchw!, ([n, c, y, x]) => pixel(n!, c!, y!, x!))
      const last = fill(nhwc!, ([n, y, x, c]) => pixel(n!, c!, y!, x!))
      // The first axis fastest: as an array of the sizes in reverse would lie.
      const fortran = fill([...nhwc!].reverse(), ([c, x, y, n]) => pixel(n!, c!, y!, x!))
      const hashes = await Promise.all([
        npz(npzOf({ x: arrayOf(first, ...nchw!), y: LABELS }), { layout: 'nchw' }),
        npz(npzOf({ x: arrayOf(last, ...nhwc!), y: LABELS }), { layout: 'nhwc' }),
        npz(npzOf({ x: npyOf('|u1', nhwc!, fortran, true), y: LABELS }), { layout: 'nhwc' }),
      ])
      expect(new Set(hashes.map(({ contentHash }) => contentHash)).size).toBe(1)
      expect(imagesOf(hashes[0]!).flat()).toEqual([...first])
    })
    await assert(property, { numRuns: 15 })
  })
})

describe('axes', () => {
  const ofSizes = (...sizes: number[]) => arrayOf(new Uint8Array(sizes.reduce((a, b) => a * b)), ...sizes)

  it.each([
    [[4, 8, 8, 3], [3, 8, 8], 'nhwc'],
    [[4, 1, 8, 6], [1, 8, 6], 'nchw'],
  ])('of %j are told by the channels', async (sizes, shape, layout) => {
    const dataset = await npz(npzOf({ x: ofSizes(...sizes), y: LABELS }))
    expect(dataset).toMatchObject({ shape, notes: [`x is ${sizes.join(' x ')}: read as ${layout}, by its channels`] })
  })

  it('that are stated may have any number of channels', async () => {
    const dataset = await npz(npzOf({ x: ofSizes(4, 8, 6, 4), y: LABELS }), npzOptions({ layout: 'nhwc' }))
    expect(dataset).toMatchObject({ shape: [4, 8, 6], notes: [] })
    expect(() => npzOptions({ layout: 'chw' })).toThrow("option 'layout' must be nhwc or nchw, got 'chw'")
  })

  it.each([
    [[4, 3, 8, 3], 'has the sizes 4 x 3 x 8 x 3, of which either the second or the last axis can be 1 or 3 channels'],
    [[4, 8, 8, 4], 'has the sizes 4 x 8 x 8 x 4, of which neither the second nor the last axis is 1 or 3 channels'],
    [[4, 64], 'has 2 dimensions (4 x 64), but images need 3 or 4'],
    [[4, 0, 8], 'holds nothing: its sizes are 4 x 0 x 8'],
  ])('of %j are refused', async (sizes, message) => {
    const refused = npz(npzOf({ x: ofSizes(...sizes), y: LABELS }))
    await expect(refused).rejects.toMatchObject({ code: 'data.npz', message: expect.stringContaining(`'x' of`) })
    await expect(refused).rejects.toThrow(message)
  })

  it('of official sets must be alike', async () => {
    const arrays = { x_train: ofSizes(4, 8, 8), y_train: LABELS, x_test: ofSizes(4, 8, 9), y_test: LABELS }
    await expect(npz(npzOf(arrays))).rejects.toThrow(
      /'x_test' of .* has \|u1 in images of 1 x 8 x 9, but 'x_train' has \|u1 in/,
    )
  })
})

describe('pixels', () => {
  const withPixels = (values: Float32Array | Float64Array | Int32Array | Int8Array) =>
    npz(npzOf({ x: arrayOf(values, 4, 1, 1), y: LABELS }))

  it('from 0 to 1 are scaled, those to 255 are rounded, and a note says so', async () => {
    const small = await withPixels(Float32Array.of(0, 0.5, 0.25, 1))
    expect(imagesOf(small).flat()).toEqual([0, 128, 64, 255])
    expect(small.notes).toEqual(['pixels are <f4 from 0 to 1: multiplied by 255 and rounded'])
    const large = await withPixels(Float64Array.of(0, 254.6, 17.2, 3))
    expect(imagesOf(large).flat()).toEqual([0, 255, 17, 3])
    expect(large.notes).toEqual(['pixels are <f8 from 0 to 254.6: rounded to whole numbers'])
    const whole = await withPixels(Int32Array.of(0, 1, 0, 2))
    expect([imagesOf(whole).flat(), whole.notes]).toEqual([[0, 1, 0, 2], []])
    const masks = npyOf('|b1', [4, 1, 1], Uint8Array.of(0, 1, 1, 0))
    expect(imagesOf(await npz(npzOf({ x: masks, y: LABELS }))).flat()).toEqual([0, 255, 255, 0])
  })

  it('of all sets are scaled alike', async () => {
    const [dark, bright] = [Float32Array.of(0, 1, 0, 1), Float32Array.of(0, 200, 0, 1)]
    const arrays = {
      x_train: arrayOf(dark, 4, 1, 1),
      y_train: LABELS,
      x_test: arrayOf(bright, 4, 1, 1),
      y_test: LABELS,
    }
    expect(imagesOf(await npz(npzOf(arrays))).flat()).toEqual([0, 1, 0, 1, 0, 200, 0, 1])
  })

  it.each([
    [Float32Array.of(-2.5, 0, 1, 2.5), 'has pixels from -2.5 to 2.5, but they must be from 0 to 255'],
    [Float32Array.of(0, 0, 1, 1.5), 'has pixels from 0 to 1.5, but'],
    [Int32Array.of(0, 4095, 1, 2), 'has pixels from 0 to 4095, but'],
    [Int8Array.of(0, -1, 1, 2), 'has pixels from -1 to 2, but'],
    [Float32Array.of(0, 0, Number.NaN, 1), 'has NaN at [2, 0, 0]'],
    [Float64Array.of(0, Infinity, 0, 1), 'has Infinity at [1, 0, 0]'],
  ])('%j are refused', async (values, message) => {
    await expect(withPixels(values)).rejects.toMatchObject({
      code: 'data.npz',
      message: expect.stringContaining(message),
    })
  })
})

describe('labels', () => {
  const withLabels = (y: Uint8Array, others: Readonly<Record<string, Uint8Array>> = {}) =>
    npz(npzOf({ x: GREY, y, ...others }))

  it('that are whole numbers are classes by size, names by code point', async () => {
    expect(await withLabels(arrayOf(BigInt64Array.of(10n, 2n, 2n, -1n)))).toMatchObject({
      classNames: ['-1', '2', '10'],
      labels: Uint16Array.of(2, 1, 1, 0),
    })
    expect((await withLabels(arrayOf(['mite', 'Ant', 'Ant', 'mite']))).classNames).toEqual(['Ant', 'mite'])
    expect((await withLabels(arrayOf(Float64Array.of(1, 0, 0, 1)))).classNames).toEqual(['0', '1'])
  })

  it('are places among the names of classes', async () => {
    const classes = arrayOf(['cat', 'dog', 'ibis'])
    const named = await withLabels(arrayOf(Int32Array.of(2, 0, 0, 1)), { label_names: classes })
    expect(named).toMatchObject({ classNames: ['cat', 'dog', 'ibis'], labels: Uint16Array.of(2, 0, 0, 1) })
    await expect(withLabels(arrayOf(Int32Array.of(3, 0, 0, 1)), { classes })).rejects.toThrow(
      "has the label '3' for image 0 (counted from 0), which is not 0 to 2",
    )
    await expect(withLabels(LABELS, { classes: LABELS })).rejects.toThrow("'classes' of")
  })

  it('with a column for each class are read by their ones', async () => {
    const rows = Float32Array.of(0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0)
    const dataset = await withLabels(arrayOf(rows, 4, 3))
    expect(dataset).toMatchObject({
      classNames: ['0', '1', '2'],
      labels: Uint16Array.of(1, 0, 2, 1),
      notes: ['y has a column for each of 3 classes'],
    })
  })

  it.each([
    [arrayOf(Uint8Array.of(0, 1, 0)), 'has the sizes 3, but there must be one label for each of 4 images'],
    [arrayOf(new Uint8Array(16), 4, 2, 2), 'has the sizes 4 x 2 x 2, but'],
    [
      arrayOf(Float32Array.of(0, 1, 0.5, 1)),
      'has the label 0.5 for image 2 (counted from 0), which is no whole number',
    ],
    [arrayOf(Uint8Array.of(1, 0, 1, 1, 0, 1, 0, 1), 4, 2), 'has more than one 1 in row 1 (counted from 0)'],
    [arrayOf(Uint8Array.of(1, 0, 0, 1, 0, 0, 0, 1), 4, 2), 'has no 1 in row 2'],
    [arrayOf(Uint8Array.of(1, 0, 0, 2, 0, 1, 0, 1), 4, 2), 'has the value 2 in row 1'],
  ])('%# are refused', async (y, message) => {
    const refused = withLabels(y)
    await expect(refused).rejects.toMatchObject({ code: 'data.npz' })
    await expect(refused).rejects.toThrow(message)
  })

  it('of the test set must be classes of the training set', async () => {
    const arrays = { x_train: GREY, y_train: LABELS, x_test: GREY, y_test: arrayOf(Uint8Array.of(0, 1, 7, 1)) }
    await expect(npz(npzOf(arrays))).rejects.toThrow(
      "has the label '7' for image 2 (counted from 0), which is not a class of the training images",
    )
  })

  it('have groups in all sets, or in none', async () => {
    const groups = await withLabels(LABELS, { groups: arrayOf(Int32Array.of(7, 7, 3, 7)) })
    expect(groups.groups).toEqual(Uint32Array.of(0, 0, 1, 0))
    const arrays = { x_train: GREY, y_train: LABELS, x_test: GREY, y_test: LABELS, groups_test: LABELS }
    await expect(npz(npzOf(arrays))).rejects.toThrow("has 'groups_test', but not 'groups_train'")
    await expect(withLabels(LABELS, { groups: arrayOf(Uint8Array.of(1)) })).rejects.toThrow(
      'there must be one group for each of 4',
    )
  })
})

describe('memory', () => {
  it('must hold all arrays together twice', async () => {
    const arrays = { x_train: GREY, y_train: LABELS, x_test: GREY, y_test: LABELS }
    // 32 pixels, two lists of 4 bytes behind headers of 128 or less, and 64 bytes a label.
    await expect(npz(npzOf(arrays), { memory: 10_000 })).resolves.toHaveProperty('labels.length', 8)
    await expect(npz(npzOf(arrays), { memory: 1000 })).rejects.toMatchObject({
      code: 'data.memory',
      message: expect.stringMatching(
        /^the arrays of .*set\.npz unpack to .* GB, more than half of the 0\.0000010 GB of memory that there are$/,
      ),
    })
  })

  it('that cannot be had in one piece is an error in a sentence', () => {
    const holdings = { lists: [], items: 0, memory: Infinity }
    expect(() => allocate('big.npz', 2 ** 60, holdings)).toThrow(
      expect.objectContaining({
        code: 'data.memory',
        message: expect.stringMatching(/big\.npz unpack to .* in one piece$/),
      }),
    )
  })
})

describe('whole numbers', () => {
  it.each([Uint8Array, Int32Array])('0 and 1 are black and white, and that is said: %o', async (type) => {
    const dark = new type(16).map((_, i) => i % 2)
    const { images, notes } = await npz(npzOf({ x: arrayOf(dark, 4, 2, 2), y: LABELS }))
    expect([...images.read(0)]).toEqual([0, 255, 0, 255])
    expect(notes).toEqual([expect.stringMatching(/^pixels are .* from 0 to 1: multiplied by 255 and rounded$/)])
  })

  it('of which one is larger are as they are', async () => {
    const { images, notes } = await npz(
      npzOf({
        x: arrayOf(
          Uint8Array.from({ length: 16 }, (_, i) => i % 3),
          4,
          2,
          2,
        ),
        y: LABELS,
      }),
    )
    expect([...images.read(0)]).toEqual([0, 1, 2, 0])
    expect(notes).toEqual([])
  })
})

describe('an array', () => {
  const withArray = (x: Uint8Array) =>
    npz(
      fileOf(
        zipOf([
          { name: 'x.npy', bytes: x },
          { name: 'y.npy', bytes: LABELS },
        ]),
      ),
    )
  const bytes = new Uint8Array(16)

  it.each([
    [npyOf('|O', [4, 2, 2], bytes), 'it holds Python objects, which are code and are not run'],
    [npyOf('<c8', [1, 1, 2], bytes), 'items of type <c8 cannot be read'],
    [npyOf('<f2', [4, 2, 1], bytes), 'items of type <f2 cannot be read'],
    [npyOf('<U9999', [1], bytes), 'items of type <U9999 are too long'],
    [npyOf('|u1', [4, 2, 3], bytes), '4 x 2 x 3 items of type |u1 need 97 bytes, got 89'],
    [npyOf('|u1', [4, 2, 1], bytes), '4 x 2 x 1 items of type |u1 need 81 bytes, got 89'],
    [npyOf('|u1', [4e9, 4e9, 4e9], bytes), 'items of type |u1 need'],
    [Buffer.from('PNG, or whatever else'), 'it does not begin as a .npy file'],
    [npyOf('|u1', [4, 2, 2], bytes).fill(9, 6, 7), 'version 9 of the format is not known'],
    [npyOf('|u1', [4, 2, 2], bytes).subarray(0, 40), 'it ends within its header'],
    [npyOf('|u1', [4, 2, 2], bytes).fill('?', 12, 40), 'its header is none of NumPy'],
  ])('%# that is none is refused', async (x, message) => {
    const refused = withArray(x)
    await expect(refused).rejects.toMatchObject({
      code: 'data.npy',
      message: expect.stringMatching(/^array 'x' of .*set\.npz: /),
    })
    await expect(refused).rejects.toThrow(message)
  })
})
