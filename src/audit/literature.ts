/** What later papers did for rare classes, with numbers that the papers, their code or a replication print. */
import type { Reading } from './audit-report.ts'

/** Errors on CIFAR-10 with a ratio of 100, exponential imbalance, ResNet-32: one replication under one protocol. */
const replication = 'zhangyongshun/BagofTricks-LT (trick gallery), ResNet-32 on CIFAR-10 with a ratio of 100'

export const readings: readonly Reading[] = [
  {
    title: 'Logit adjustment',
    sentence:
      'Subtract the logarithm of each class’s prior from the outputs: thresholding, which evenkeel studies, with a theory. Accuracy ' +
      'on a balanced test set rose from 71.4 to 77.3 %.',
    source: 'Menon et al. 2021; google-research/logit_adjustment, CIFAR-10 with a ratio of 100',
  },
  {
    title: 'Balanced softmax',
    sentence: 'Add the logarithm of the class sizes to the outputs in training alone. Error fell from 28.1 to 22.5 %.',
    source: `Ren et al. 2020; ${replication}`,
  },
  {
    title: 'Re-weighting late, not from the start',
    sentence:
      'Weights of inverse frequency from the first step on made the error worse, 28.1 to 31.7 %; the same weights in the last epochs ' +
      'alone gave 25.2 %, with label-dependent margins 22.3 %.',
    source: `Cao et al. 2019 (LDAM-DRW); ${replication}`,
  },
  {
    title: 'Training the classifier again on balanced classes',
    sentence:
      'Learn features from the images as they are, then the last layer from balanced ones: the reverse of two-phase training. Accuracy on ' +
      'classes of few images rose from 7.7 to 27.4 %, on those of many it fell from 65.9 to 61.8 %.',
    source: 'Kang et al. 2020; facebookresearch/classifier-balancing, ResNeXt-50 on ImageNet-LT',
  },
  {
    title: 'Mixup',
    sentence: 'Train on mixtures of two images and their labels, for longer. Error fell from 28.1 to 25.9 %.',
    source: `Zhang et al. 2018; ${replication}`,
  },
]
