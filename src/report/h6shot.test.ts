import { writeFileSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { it } from 'vitest'
import { compare } from '../study/compare.ts'
import { ownStudy } from '../study/fixtures/own-study.ts'
import { renderReport } from './report.tsx'
import { renderTable } from './terminal.ts'
it('shots', async () => {
  const over = (f: number) => (method: string, label: number) => (method.startsWith('oversampling') ? (label === 0 ? f : 2.2) : method.includes('under') ? (label === 0 ? -1.2 : 0.8) : 0)
  const made = compare(ownStudy({ gain: over(-1.5) }))
  const c = { ...made, config: { ...(made.config as object), own: { choices: ['The images are scaled to 64 x 64 pixels, the nearest to their median of 70 (--size).', 'The network is resnet10, since there are fewer than 1,000 images (--model).'] } } }
  writeFileSync('/tmp/h6.html', renderReport(c))
  writeFileSync('/tmp/h6b.html', renderReport(compare(ownStudy({}))))
  console.log(renderTable(c, { colour: false, width: 100 }))
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
  for (const width of [1280, 375]) for (const name of ['h6', 'h6b']) {
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme: 'light' })
    await page.goto(`file:///tmp/${name}.html`)
    console.log(width, await page.evaluate('document.documentElement.scrollWidth'))
    await page.locator('#advice').screenshot({ path: `/tmp/${name}-${width}-advice.png` })
    await page.locator('#your-classes details summary').click()
    await page.locator('#your-classes').screenshot({ path: `/tmp/${name}-${width}-classes.png` })
    await page.locator('#studied').screenshot({ path: `/tmp/${name}-${width}-studied.png` })
  }
  await browser.close()
}, 60000)
