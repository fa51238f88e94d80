import { type Dataset, numberedClasses } from '../dataset.ts'
import { idxDirectory } from './idx.ts'

const FASHION_NAMES: readonly string[] = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
]

/** MNIST: 28x28 handwritten digits, 60,000 and 10,000 for test (LeCun, Cortes and Burges), from its four IDX files. */
export function mnist(directory: string): Promise<Dataset> {
  return idxDirectory(directory, {
    name: 'mnist',
    description: 'MNIST: handwritten digits, 28x28 grey (LeCun, Cortes and Burges 1998)',
    classNames: numberedClasses(10),
  })
}

/** Fashion-MNIST: 28x28 pictures of clothes, 60,000 and 10,000 for test (Xiao, Rasul and Vollgraf 2017), from its four IDX files. */
export function fashionMnist(directory: string): Promise<Dataset> {
  return idxDirectory(directory, {
    name: 'fashion-mnist',
    description: 'Fashion-MNIST: articles of clothing, 28x28 grey (Xiao, Rasul and Vollgraf 2017)',
    classNames: FASHION_NAMES,
  })
}
