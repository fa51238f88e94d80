// Make a balanced dataset imbalanced, as Buda et al. 2018 do: half of the classes keep a tenth of their images.
import { classCounts, digits, imbalance, split } from 'evenkeel/data'

const dataset = await digits()
const { train, test } = split(dataset, { test: { fraction: 0.3 } }, ['example', 1])
const { examples, counts, minorityClasses, ratio } = imbalance(
  train,
  { kind: 'step', rho: 10, mu: 0.5 },
  { minority: 'random', seed: ['example', 1] },
)

console.log(`${dataset.name}: ${train.indices.length} training images, ${test.indices.length} test images`)
console.log(`before: ${classCounts(train).join(' ')}`)
console.log(`after:  ${counts.join(' ')}  (ratio ${ratio.toFixed(1)}, minority classes ${minorityClasses.join(', ')})`)
console.log(`${examples.indices.length} images are left, as indices into the dataset: nothing was copied`)
