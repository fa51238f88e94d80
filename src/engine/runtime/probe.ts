/** The process that `findDevice` starts: `node probe.js DEVICE` prints one line of JSON, a `DeviceFinding`. */
import { EvenkeelError } from '../../base/errors.ts'
import type { Device } from '../graph/target.ts'
import { type DeviceFinding, requireDevice } from './devices.ts'

const device = process.argv[2] as Device
console.log(JSON.stringify(await find()))

async function find(): Promise<DeviceFinding> {
  try {
    await requireDevice(device)
    return { device, available: true, reason: undefined, hint: undefined }
  } catch (error) {
    if (!(error instanceof EvenkeelError)) throw error
    return { device, available: false, reason: error.message, hint: error.hint }
  }
}
