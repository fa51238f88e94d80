import { expect, it } from 'vitest'
import { dump, softmaxCrossEntropy } from '../engine/index.ts'
import { layers, network, sgd } from '../nn/index.ts'
import { gradientGraph, type StepOptions, stepGraph, updateGraph } from './step.ts'

const { dense, dropout, flatten, sequential } = layers
const options: StepOptions = {
  network: network('linear', sequential(flatten, dropout('drop', 0.5)), dense('dense', 3), {
    input: [1, 2, 2],
    classes: 3,
    pixelDivisor: 256,
  }),
  trainable: 'all',
  batch: 8,
  loss: softmaxCrossEntropy,
  optimiser: sgd({ momentum: 0.9, weightDecay: 0, nesterov: false, convention: 'caffe' }),
}

it('stepGraph holds forward, backward and update, and reads line by line', () => {
  const { outputs, masks } = stepGraph(options)
  expect(masks).toEqual([{ name: 'mask/drop', shape: [8, 4], keep: 0.5 }])
  expect(dump(outputs)).toMatchInlineSnapshot(`
    "%0 = input() {name: targets} : float32[8, 3]
    %1 = input() {name: pixels} : uint8[8, 1, 2, 2]
    %2 = cast(%1) : float32[8, 1, 2, 2]
    %3 = constant() {data: [256]} : float32[]
    %4 = divide(%2, %3) : float32[8, 1, 2, 2]
    %5 = reshape(%4) : float32[8, 4]
    %6 = input() {name: mask/drop} : uint8[8, 4]
    %7 = cast(%6) : float32[8, 4]
    %8 = constant() {data: [2]} : float32[]
    %9 = multiply(%7, %8) : float32[8, 4]
    %10 = multiply(%5, %9) : float32[8, 4]
    %11 = input() {name: flat/0} : float32[15]
    %12 = slice(%11) {starts: [0], ends: [12], steps: [1]} : float32[12]
    %13 = reshape(%12) : float32[3, 4]
    %14 = slice(%11) {starts: [12], ends: [15], steps: [1]} : float32[3]
    %15 = dense(%10, %13, %14) : float32[8, 3]
    %16 = logSoftmax(%15) : float32[8, 3]
    %17 = multiply(%0, %16) : float32[8, 3]
    %18 = sum(%17) {axes: [1]} : float32[8, 1]
    %19 = reshape(%18) : float32[8]
    %20 = negate(%19) : float32[8]
    %21 = sum(%20) {axes: [0]} : float32[1]
    %22 = reshape(%21) : float32[]
    %23 = constant() {data: [0.125]} : float32[]
    %24 = multiply(%22, %23) : float32[]
    %25 = input() {name: flat/0/state0} : float32[15]
    %26 = constant() {data: [0.8999999761581421]} : float32[]
    %27 = multiply(%25, %26) : float32[15]
    %28 = constant() {data: [1]} : float32[]
    %29 = multiply(%28, %23) : float32[]
    %30 = reshape(%29) : float32[1]
    %31 = broadcast(%30) : float32[8]
    %32 = negate(%31) : float32[8]
    %33 = reshape(%32) : float32[8, 1]
    %34 = broadcast(%33) : float32[8, 3]
    %35 = multiply(%34, %0) : float32[8, 3]
    %36 = softmax(%16) : float32[8, 3]
    %37 = sum(%35) {axes: [1]} : float32[8, 1]
    %38 = multiply(%36, %37) : float32[8, 3]
    %39 = subtract(%35, %38) : float32[8, 3]
    %40 = matmul(%39, %10) {transposeA: true, transposeB: false} : float32[3, 4]
    %41 = reshape(%40) : float32[12]
    %42 = sum(%39) {axes: [0]} : float32[1, 3]
    %43 = reshape(%42) : float32[3]
    %44 = concat(%41, %43) {axis: 0} : float32[15]
    %45 = input() {name: learningRate} : float32[]
    %46 = multiply(%44, %45) : float32[15]
    %47 = add(%27, %46) : float32[15]
    %48 = subtract(%11, %47) : float32[15]
    return loss = %24, flat/0 = %48, flat/0/state0 = %47
    "
  `)
})

it('with accumulation it is two: gradients are added up, and the update takes their sum', () => {
  const { outputs } = gradientGraph({ ...options, accumulate: 4 })
  expect(Object.keys(outputs)).toEqual(['loss', 'flat/0/gradient'])
  expect(dump(updateGraph({ ...options, accumulate: 4, clipNorm: 1 }))).toMatchInlineSnapshot(`
    "%0 = input() {name: flat/0} : float32[15]
    %1 = input() {name: flat/0/state0} : float32[15]
    %2 = constant() {data: [0.8999999761581421]} : float32[]
    %3 = multiply(%1, %2) : float32[15]
    %4 = input() {name: flat/0/gradient} : float32[15]
    %5 = constant() {data: [1]} : float32[]
    %6 = multiply(%4, %4) : float32[15]
    %7 = sum(%6) {axes: [0]} : float32[1]
    %8 = reshape(%7) : float32[]
    %9 = sqrt(%8) : float32[]
    %10 = constant() {data: [9.999999974752427e-7]} : float32[]
    %11 = add(%9, %10) : float32[]
    %12 = constant() {data: [1]} : float32[]
    %13 = maximum(%11, %12) : float32[]
    %14 = divide(%5, %13) : float32[]
    %15 = multiply(%4, %14) : float32[15]
    %16 = input() {name: learningRate} : float32[]
    %17 = multiply(%15, %16) : float32[15]
    %18 = add(%3, %17) : float32[15]
    %19 = subtract(%0, %18) : float32[15]
    return flat/0 = %19, flat/0/state0 = %18
    "
  `)
})
