import { expect, it } from 'vitest'
import { dump, softmaxCrossEntropy } from '../engine/index.ts'
import { network, sgd } from '../nn/index.ts'
import { dense, flatten } from '../nn/layers.ts'
import { stepGraph } from './step.ts'

it('stepGraph holds forward, backward and update, and reads line by line', () => {
  const options = { input: [1, 2, 2], classes: 3, pixelDivisor: 256 } as const
  const step = stepGraph({
    network: network('linear', flatten, dense('dense', 3, { biasLearningRate: 2 }), options),
    trainable: 'all',
    batch: 8,
    loss: softmaxCrossEntropy,
    optimiser: sgd({ momentum: 0.9, weightDecay: 0, nesterov: false, convention: 'caffe' }),
  })
  expect(dump(step)).toMatchInlineSnapshot(`
    "%0 = input() {name: targets} : float32[8, 3]
    %1 = input() {name: pixels} : uint8[8, 1, 2, 2]
    %2 = cast(%1) : float32[8, 1, 2, 2]
    %3 = constant() {data: [256]} : float32[]
    %4 = divide(%2, %3) : float32[8, 1, 2, 2]
    %5 = reshape(%4) : float32[8, 4]
    %6 = input() {name: dense.weights} : float32[3, 4]
    %7 = input() {name: dense.bias} : float32[3]
    %8 = dense(%5, %6, %7) : float32[8, 3]
    %9 = logSoftmax(%8) : float32[8, 3]
    %10 = multiply(%0, %9) : float32[8, 3]
    %11 = sum(%10) {axes: [1]} : float32[8, 1]
    %12 = reshape(%11) : float32[8]
    %13 = negate(%12) : float32[8]
    %14 = sum(%13) {axes: [0]} : float32[1]
    %15 = reshape(%14) : float32[]
    %16 = constant() {data: [0.125]} : float32[]
    %17 = multiply(%15, %16) : float32[]
    %18 = input() {name: dense.weights/state0} : float32[3, 4]
    %19 = constant() {data: [0.8999999761581421]} : float32[]
    %20 = multiply(%18, %19) : float32[3, 4]
    %21 = constant() {data: [1]} : float32[]
    %22 = multiply(%21, %16) : float32[]
    %23 = reshape(%22) : float32[1]
    %24 = broadcast(%23) : float32[8]
    %25 = negate(%24) : float32[8]
    %26 = reshape(%25) : float32[8, 1]
    %27 = broadcast(%26) : float32[8, 3]
    %28 = multiply(%27, %0) : float32[8, 3]
    %29 = softmax(%9) : float32[8, 3]
    %30 = sum(%28) {axes: [1]} : float32[8, 1]
    %31 = multiply(%29, %30) : float32[8, 3]
    %32 = subtract(%28, %31) : float32[8, 3]
    %33 = matmul(%32, %5) {transposeA: true, transposeB: false} : float32[3, 4]
    %34 = input() {name: learningRate} : float32[]
    %35 = multiply(%33, %34) : float32[3, 4]
    %36 = add(%20, %35) : float32[3, 4]
    %37 = subtract(%6, %36) : float32[3, 4]
    %38 = input() {name: dense.bias/state0} : float32[3]
    %39 = constant() {data: [0.8999999761581421]} : float32[]
    %40 = multiply(%38, %39) : float32[3]
    %41 = sum(%32) {axes: [0]} : float32[1, 3]
    %42 = reshape(%41) : float32[3]
    %43 = constant() {data: [2]} : float32[]
    %44 = multiply(%34, %43) : float32[]
    %45 = multiply(%42, %44) : float32[3]
    %46 = add(%40, %45) : float32[3]
    %47 = subtract(%7, %46) : float32[3]
    return loss = %17, dense.weights = %37, dense.weights/state0 = %36, dense.bias = %47, dense.bias/state0 = %46
    "
  `)
})
