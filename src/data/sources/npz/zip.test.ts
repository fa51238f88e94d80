import { truncateSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Entry, fileOf, useFiles, zipOf } from './fixtures/archives.ts'
import { openEntry, readZip } from './zip.ts'

useFiles()

const TEXT: Entry = { name: 'a.npy', bytes: Buffer.from('some bytes, '.repeat(50)) }

/** The unpacked bytes of the first entry. */
async function firstOf(path: string): Promise<Buffer> {
  const [entry] = await readZip(path)
  const file = await openEntry(entry!)
  const target = Buffer.alloc(entry!.size + 1)
  const length = await file.read(target).finally(() => file.close())
  return target.subarray(0, length)
}

describe('an archive', () => {
  it('is read, deflated or stored, with a comment behind it', async () => {
    for (const stored of [false, true]) {
      const archive = zipOf([
        { ...TEXT, stored },
        { name: 'empty', bytes: new Uint8Array(0), stored },
      ])
      archive.writeUInt16LE(7, archive.length - 2)
      const path = fileOf(Buffer.concat([archive, Buffer.from('comment')]))
      expect((await readZip(path)).map(({ name, size }) => [name, size])).toEqual([
        ['a.npy', 600],
        ['empty', 0],
      ])
      expect(await firstOf(path)).toEqual(TEXT.bytes)
    }
  })

  it('may have its sizes and its directory in 64 bits', async () => {
    const path = fileOf(zipOf([{ ...TEXT, isWide: true }], true))
    expect(await firstOf(path)).toEqual(TEXT.bytes)
  })

  const nineMebibytes = { ...TEXT, bytes: new Uint8Array(9 * 2 ** 20), stored: true, method: 8 }
  it.each<[string, readonly Entry[], string]>([
    ['a bomb that its sizes give away', [{ ...TEXT, size: 1e9 }], "'a.npy' promises 1000000000 bytes, which its "],
    [
      'more than memory holds',
      [{ ...nineMebibytes, isWide: true, size: 8 * 2 ** 30 + 1 }],
      "'a.npy' unpacks to 8589934593 bytes",
    ],
    ['an entry behind its end', [{ ...TEXT, packed: 1e9 }], "'a.npy' lies behind its end"],
    [
      'a stored entry of two sizes',
      [{ ...TEXT, stored: true, size: 700 }],
      'promises 700 bytes, which its 600 packed ones',
    ],
    ['an encrypted entry', [{ ...TEXT, flags: 1 }], "'a.npy' is encrypted"],
    ['another method', [{ ...TEXT, method: 14 }], "'a.npy' is packed by method 14"],
    ['a name above', [{ ...TEXT, name: 'x/../../x.npy' }], "the name 'x/../../x.npy' leads out of it"],
    ['an absolute name', [{ ...TEXT, name: '/etc/x.npy' }], "the name '/etc/x.npy' leads out of it"],
    ['a name with a drive', [{ ...TEXT, name: 'C:\\x.npy' }], 'leads out of it'],
    ['two of one name', [TEXT, TEXT], "it has two entries 'a.npy'"],
    ['an entry that is elsewhere', [TEXT, { ...TEXT, name: 'b', offset: 5 }], "'b' is not where its directory says"],
    ['more bytes than promised', [{ ...TEXT, size: 599 }], "'a.npy' unpacks to more than the 599 bytes it promises"],
    ['fewer bytes than promised', [{ ...TEXT, size: 601 }], "'a.npy' unpacks to 600 of the 601 bytes it promises"],
    ['a wrong checksum', [{ ...TEXT, crc: 17 }], "'a.npy' does not have its checksum"],
    ['bytes that are not deflated', [{ ...TEXT, stored: true, method: 8 }], "'a.npy' cannot be unpacked ("],
  ])('with %s is refused', async (_, entries, message) => {
    const path = fileOf(zipOf(entries))
    const refused = readZip(path).then(async (read) => {
      for (const entry of read) {
        const file = await openEntry(entry)
        await file.read(Buffer.alloc(1000)).finally(() => file.close())
      }
    })
    await expect(refused).rejects.toMatchObject({
      code: 'data.zip',
      message: expect.stringMatching(/set\.npz is no zip archive that can be read: /),
    })
    await expect(refused).rejects.toThrow(message)
  })

  it('that is cut short is refused, wherever it ends, and so is what is none', async () => {
    const whole = zipOf([TEXT])
    for (let length = 1; length < whole.length; length++) {
      const path = fileOf(whole)
      truncateSync(path, length)
      await expect(readZip(path)).rejects.toMatchObject({
        code: 'data.zip',
        hint: 'it is no .npz file, or was cut short',
      })
    }
    await expect(readZip('no/such.npz')).rejects.toMatchObject({ code: 'data.missing' })
  })

  it('with one byte changed is refused or has the same contents', async () => {
    const whole = zipOf([TEXT])
    for (let at = 0; at < whole.length; at++) {
      const path = fileOf(whole)
      const changed = Buffer.from(whole)
      changed[at]! ^= 0x55
      const read = await firstOf(fileOf(changed)).catch((error) => error.code)
      if (read !== 'data.zip') expect(read.equals(TEXT.bytes), `byte ${at} of ${path}`).toBe(true)
    }
  })
})
