/** What the paper does not say because Caffe does it by itself. */
export const caffe: readonly string[] = [
  'As in Caffe the learning rate enters the velocity, weight decay pulls on biases too, and Xavier draws uniformly in +-sqrt(3 / fan-in).',
]
