/** Where a program runs. */
export type Device = 'cpu' | 'webgpu' | 'cuda'

export const devices: readonly Device[] = ['cpu', 'webgpu', 'cuda']

/** What a lowering rule may choose its form by, beside the shapes. */
export interface Target {
  readonly device: Device
}

export const cpuTarget: Target = { device: 'cpu' }
