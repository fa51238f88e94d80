import { expect, it } from 'vitest'
import { compile, type Device, devices, floats, input, relu, requireDevice } from '../index.ts'

const isThere = (device: Device) =>
  requireDevice(device).then(
    () => true,
    () => false,
  )
const absent: Device[] = []
for (const device of devices) if (!(await isThere(device))) absent.push(device)

it('the processor is always there', () => expect(absent).not.toContain('cpu'))

it.skipIf(absent.length === 0)(
  'an absent device is an error with a reason and a hint, however often it is asked for',
  async () => {
    const numbers = input('numbers', 'float32', [2])
    for (const device of [...absent, ...absent]) {
      await expect(compile({ y: relu(numbers) }, { device })).rejects.toThrow(
        expect.objectContaining({
          code: 'engine.device',
          message: expect.stringMatching(`^device '${device}' is not available: [^/\n]+$`),
          hint: expect.stringContaining('it needs'),
        }),
      )
    }
    const program = await compile({ y: relu(numbers) })
    expect((await program.run({ numbers: floats([2], Float32Array.of(-1, 2)) })).y!.data).toEqual(Float32Array.of(0, 2))
    await program.dispose()
  },
)
