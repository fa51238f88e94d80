import { fileURLToPath } from 'node:url'
import { EvenkeelError } from '../../base/errors.ts'
import { createDataset, type Dataset, numberedClasses } from '../dataset.ts'
import { openDataFile } from './file.ts'

const ROWS = 1797
const COLUMNS = 65 // 8 x 8 grey levels, then the label
const LARGEST_FILE = 1_000_000 // bytes, unpacked

/** This file lies three folders below the package's root, as source and when built. */
const DIGITS_PATH = fileURLToPath(new URL('../../../assets/digits/digits.csv.gz', import.meta.url))

/**
 * 1,797 handwritten digits of 8x8 pixels (Alpaydin and Kaynak 1998), shipped with the package: something to start with.
 * Grey levels stay as published, 0 to 16, so `maxPixel` is 16. There is no official test set.
 *
 * @throws EvenkeelError `data.digits` when the file is not the one that was shipped
 */
export async function digits(path: string = DIGITS_PATH): Promise<Dataset> {
  const rows = (await readText(path)).trimEnd().split('\n')
  if (rows.length !== ROWS) throw damaged(path, `expected ${ROWS} rows, got ${rows.length}`)
  const pixels = new Uint8Array(ROWS * 64)
  const labels = new Uint16Array(ROWS)
  rows.forEach((row, i) => {
    const values = row.split(',').map(Number)
    if (values.length !== COLUMNS || !values.every((value) => Number.isInteger(value) && value >= 0 && value <= 16)) {
      throw damaged(path, `expected ${COLUMNS} integers from 0 to 16 in row ${i + 1}, got '${row.slice(0, 40)}'`)
    }
    pixels.set(values.slice(0, 64), i * 64)
    labels[i] = values[64]!
  })
  return createDataset({
    name: 'digits',
    description:
      'Handwritten digits, 8x8 grey, 1,797 images (UCI, Alpaydin and Kaynak 1998; as shipped in scikit-learn)',
    shape: [1, 8, 8],
    classNames: numberedClasses(10),
    pixels,
    labels,
    officialTestStart: undefined,
    maxPixel: 16,
  })
}

async function readText(path: string): Promise<string> {
  const file = await openDataFile(path)
  try {
    const bytes = new Uint8Array(LARGEST_FILE)
    const read = await file.read(bytes)
    if (read === LARGEST_FILE) throw damaged(path, `expected fewer than ${LARGEST_FILE} bytes, got more`)
    return new TextDecoder().decode(bytes.subarray(0, read))
  } finally {
    await file.close()
  }
}

function damaged(path: string, what: string): EvenkeelError {
  return new EvenkeelError('data.digits', `${path} is not the file that was shipped: ${what}`, 'install evenkeel again')
}
