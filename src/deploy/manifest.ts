/**
 * What stands in a model's folder beside `model.onnx`: everything that its use needs, and where it comes from. Plain data,
 * `model.json`.
 */
export interface ModelManifest {
  readonly schemaVersion: 1
  readonly name: string
  /** By index of the model's output. */
  readonly labels: readonly string[]
  /** `images`, uint8 [N, height, width, channels], N free; 1 channel is grey, 3 are sRGB. */
  readonly input: { readonly height: number; readonly width: number; readonly channels: number }
  /** How a file becomes an input: scaled until its shorter side has so many pixels, then the middle [height, width] is taken. */
  readonly decoding: { readonly shorterSide: number }
  readonly method: { readonly key: string; readonly title: string }
  readonly model: string
  /**
   * Shares of the classes, by label: of the images that it was trained on, and those that its probabilities suppose. 'method' are those
   * that the method's own decisions suppose.
   */
  readonly priors: {
    readonly training: readonly number[]
    readonly deployment: readonly number[]
    readonly chosen: 'method' | 'train' | 'balanced' | 'given'
  }
  readonly calibration: {
    /** Logits are divided by it, > 0; fitted on images that trained nothing. */
    readonly temperature: number
    /** Mean log loss of these images in nats, under their own shares, before and after; absent where there are none. */
    readonly logLoss?: { readonly before: number; readonly after: number } | undefined
    /** Why the temperature stayed 1, where it was not fitted. */
    readonly reason?: string | undefined
  }
  /** [true][decided] cost of a decision; where there is none, the most probable class is decided. */
  readonly cost?: readonly (readonly number[])[] | undefined
  /** Probability from which on a class is called present; it has the best F1 against the rest on the calibration images; null where they are too few. */
  readonly thresholds: readonly (number | null)[]
  readonly trained: {
    /** Hash of all that decides the weights: two models of one key differ in calibration to priors and in decisions alone. */
    readonly key: string
    /** Images of each class by label: in the set, trained on, calibrated on. */
    readonly counts: readonly number[]
    readonly trainedOn: readonly number[]
    readonly calibratedOn: readonly number[]
    readonly data: {
      readonly name: string
      readonly description: string
      readonly contentHash: string
      /** Groups, such as patients, of which none is on both sides of a split; absent where the set names none. */
      readonly groups?: number | undefined
      /** Images that could not be decoded. */
      readonly leftOut: number
      /** Images of the set's own test set, which train and calibrate like all others; absent where it has none. */
      readonly officialTest?: number | undefined
    }
    /** The resolved config of its training, as a study has it. */
    readonly config: unknown
    readonly versions: Readonly<Record<string, string>>
  }
  /** What a study's test images showed of this method, which this very network has not seen tested. */
  readonly study?: StudiedPerformance | undefined
}

export interface StudiedPerformance {
  readonly name: string
  readonly configHash: string
  /** The study's advice, whose method is absent where it gives none, and whether it is why this method was taken. */
  readonly advice: {
    readonly method?: string | undefined
    readonly headline: string
    readonly certainty: string
    readonly followed: boolean
  }
  /** Whether methods were compared, or runs picked, by the very images that the figures are of: these are then too good. */
  readonly flatters: boolean
  /** What else a reader must know before believing the figures, a sentence each. */
  readonly notes: readonly string[]
  /** Replicates of this method that were finished; 0 where the study did not try it. */
  readonly replicates: number
  readonly classes: readonly ClassPerformance[]
  readonly metrics: Readonly<Record<string, MeanInterval>>
}

/** Mean over test folds, with 95 % limits where several folds say so. */
export interface MeanInterval {
  readonly mean: number
  readonly low?: number | undefined
  readonly high?: number | undefined
}

/** Of one class in the tests of all replicates together, where an image may come up several times. */
export interface ClassPerformance {
  readonly label: string
  /** Images of the class in one test fold: the fewest of any. */
  readonly testImages: number
  readonly tested: number
  readonly recognised: number
  /** Absent where too few were tested to say it. */
  readonly recall?: MeanInterval | undefined
}

/** Files of a model's folder. */
export const modelFiles = {
  model: 'model.onnx',
  manifest: 'model.json',
  labels: 'labels.txt',
  trainingImages: 'training-images.txt',
  card: 'MODEL_CARD.md',
  cardPage: 'model-card.html',
  checksums: 'SHA256SUMS',
} as const
