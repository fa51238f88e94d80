import { expect, it } from 'vitest';
import { random } from '../src/base/random.js';
import { describeOn, relativeDistance } from '../src/engine/fixtures/devices.js';
import { floats, softmaxCrossEntropy, value } from '../src/engine/index.js';
import { initialise, modelById, parametersOf, sgd } from '../src/nn/index.js';
import { maskFeed } from '../src/train/masks.js';
import { compileStep } from '../src/train/stepper.js';
/** Each model's training on a device is its training on the CPU, but for rounding. Sizes suit a device in software. */
const CLASSES = 5;
const trainings = [
    { model: 'lenet5', input: [1, 16, 16], batch: 4, steps: 5 },
    { model: 'all-cnn', input: [3, 10, 10], batch: 2, steps: 3 },
    // At the third step the three numbers of pixels.shift, sums of gradients that cancel, are 2e-3 apart; all else stays within 1e-3.
    { model: 'resnet10', input: [3, 16, 16], batch: 4, steps: 2 },
    { model: 'resnet32', input: [3, 8, 8], batch: 4, steps: 3 },
];
/** Losses of some steps, and the parameters and the optimiser's state behind them. */
async function train(net, initialiser, { batch, steps }, device) {
    const optimiser = sgd({ momentum: 0.9, weightDecay: 5e-4, nesterov: false, convention: 'pytorch' });
    const options = { network: net, trainable: 'all', batch, loss: softmaxCrossEntropy, optimiser };
    const stepper = await compileStep(options, device);
    const masks = maskFeed(stepper.masks, [1]);
    let state = stepper.pack(initialise(parametersOf(net), initialiser, [1]));
    const losses = [];
    for (let iteration = 0; iteration < steps; iteration++) {
        const feed = async () => ({ ...drawnBatch(net.input, batch, iteration), ...masks(iteration, 0) });
        const step = await stepper.run(state, feed, { learningRate: 0.01, iteration });
        losses.push(step.loss);
        state = step.state;
    }
    const tensors = stepper.unpack(state);
    await stepper.dispose();
    return { losses, tensors };
}
/** Images of one grey, each class its own, with noise. */
function drawnBatch(input, batch, iteration) {
    const stream = random('images', iteration);
    const [channels, height, width] = input;
    const targets = new Float32Array(batch * CLASSES);
    for (let row = 0; row < batch; row++)
        targets[row * CLASSES + (row % CLASSES)] = 1;
    const pixels = Uint8Array.from({ length: batch * channels * height * width }, (_, i) => {
        const label = Math.floor(i / (channels * height * width)) % CLASSES;
        return 40 * label + 60 * stream.uniform();
    });
    return { pixels: value('uint8', [batch, ...input], pixels), targets: floats([batch, CLASSES], targets) };
}
await describeOn('webgpu', 'training on WebGPU follows the CPU', () => {
    it.each(trainings)('$model', async ({ model, input, ...size }) => {
        const entry = modelById(model);
        const net = entry.build({ input, classes: CLASSES, maxPixel: 255 });
        const expected = await train(net, entry.initialiser, size, 'cpu');
        const got = await train(net, entry.initialiser, size, 'webgpu');
        expect(relativeDistance(Float32Array.from(expected.losses), Float32Array.from(got.losses))).toBeLessThan(1e-3);
        for (const { name } of parametersOf(net)) {
            expect(relativeDistance(expected.tensors[name], got.tensors[name]), name).toBeLessThan(1e-3);
        }
    });
});
