import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { audit } from '../audit.ts'
import { header, madeInput } from '../fixtures/made-input.ts'
import { sortedDuplicates, takePictures } from '../pictures.ts'
import { renderAuditPage } from './page.tsx'

const hostile = '<img src=x onerror=alert(1)>&"\''

describe('renderAuditPage', () => {
  const input = madeInput({
    sizes: { [hostile]: 60, '=HYPERLINK("x")': 5, dog: 3 },
    duplicates: [
      { kind: 'exact', members: [0, 61] },
      { kind: 'near', members: [3, 4] },
    ],
    header: () => header({ sha256: 'same' }),
    dataset: {
      leftOut: [{ path: `a/${hostile}.jpg`, reason: 'it is empty (0 bytes)' }],
      notes: [`${hostile} is not read`],
      nameOf: (i) => `${hostile}/\u001b[31m\n${i}.jpg`,
    },
  })

  it('escapes everything that is not ours, and runs no script of theirs', async () => {
    const report = audit(input)
    const html = renderAuditPage(report, await takePictures(report, input.dataset))
    expect(html).not.toContain('<img src=x')
    expect(html).not.toContain('\u001b')
    const { document } = parseHTML(html)
    expect(document.querySelectorAll('script').length).toBe(1)
    expect(
      [...document.querySelectorAll('img')].every((image) =>
        image.getAttribute('src')?.startsWith('data:image/webp;base64,'),
      ),
    ).toBe(true)
    const names = [...document.querySelectorAll('.class-table tbody th')].map((cell) => cell.textContent)
    expect(names).toEqual([hostile, '=HYPERLINK("x")', 'dog'])
    expect([...document.querySelectorAll('.member small')].map((name) => name.textContent)[0]).toBe(
      `${hostile}/\\u001b[31m\\n0.jpg`,
    )
  })

  it('pictures each class and each group of duplicates, and gives the same bytes again', async () => {
    const report = audit(input)
    const pictures = await takePictures(report, input.dataset)
    expect([...pictures.keys()].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 60, 61, 62, 63, 64, 65, 66, 67])
    const html = renderAuditPage(report, pictures)
    const { document } = parseHTML(html)
    expect(document.querySelectorAll('.class-card').length).toBe(3)
    expect(document.querySelectorAll('.duplicate-card').length).toBe(report.duplicates.length)
    expect(renderAuditPage(audit(input), await takePictures(report, input.dataset))).toBe(html)
  })

  it('shows the largest and the smallest of many classes, and closes their table', () => {
    const sizes = Object.fromEntries(Array.from({ length: 50 }, (_, c) => [`class ${c}`, 100 - c]))
    const { document } = parseHTML(renderAuditPage(audit(madeInput({ sizes })), new Map()))
    const cards = [...document.querySelectorAll('.class-card b')].map((name) => name.textContent)
    expect(cards).toHaveLength(24)
    expect([cards[0], cards[11], cards[12], cards[23]]).toEqual(['class 0', 'class 11', 'class 38', 'class 49'])
    expect(document.querySelector('details summary')?.textContent).toBe('All 50 classes')
  })

  it('has rows for the largest and the smallest of very many classes, each with its own sizes', () => {
    const sizes = Object.fromEntries(Array.from({ length: 600 }, (_, c) => [`class ${c}`, c === 599 ? 2 : 1]))
    const input = madeInput({ sizes, header: (_, label) => header({ width: 100 + label }) })
    const { document } = parseHTML(renderAuditPage(audit(input), new Map()))
    expect(document.querySelector('details summary')?.textContent).toBe(
      'The 250 largest and the 250 smallest of 600 classes',
    )
    const names = (rows: string) => [...document.querySelectorAll(rows)].map((row) => row.textContent)
    expect(names('.class-table tbody th')).toHaveLength(500)
    expect(names('.precision-table tbody th')).toHaveLength(500)
    const files = names('#files tbody tr')
    expect(files).toHaveLength(501)
    expect(files[1]).toContain('class 599699')
  })
})

describe('sortedDuplicates', () => {
  it('puts each group where it is worst', () => {
    const { duplicates } = audit(
      madeInput({
        header: () => undefined,
        duplicates: [
          { kind: 'near', members: [0, 125] },
          { kind: 'exact', members: [1, 2] },
          { kind: 'near', members: [3, 4] },
        ],
      }),
    )
    const sorted = Object.entries(sortedDuplicates({ duplicates })).map(([sort, groups]) => [sort, groups.length])
    expect(Object.fromEntries(sorted)).toEqual({ acrossLabels: 1, acrossRoles: 0, acrossGroups: 0, same: 1, near: 1 })
  })
})
