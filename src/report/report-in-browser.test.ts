import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sampleComparison } from './fixtures/sample-comparison.ts'
import { renderReport } from './report.tsx'

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)

/** The page's own numbers: run inside the browser, whose types this project does not load. */
const scrollWidth = 'document.documentElement.scrollWidth'
const ink = 'getComputedStyle(document.body).color'

describe.skipIf(executablePath === undefined)('the report in a browser (needs Chromium)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-report-'))
  const file = join(folder, 'report.html')
  let browser: Browser

  beforeAll(async () => {
    writeFileSync(file, renderReport(sampleComparison({ rhos: [10, 100], mus: [0.2, 0.8], linearRhos: [100] })))
    const args = [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-sync',
    ]
    browser = await chromium.launch({ executablePath: executablePath!, args })
  })
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true })
  })

  async function open(width: number, options: { javaScriptEnabled?: boolean } = {}) {
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme: 'light', ...options })
    const trouble: string[] = []
    page.on('console', (message) => trouble.push(message.text()))
    page.on('pageerror', (error) => trouble.push(error.message))
    page.on('request', (request) => request.url().startsWith('file:') || trouble.push(request.url()))
    await page.goto(pathToFileURL(file).href)
    return { page, trouble }
  }

  const shownPanels = (page: Page) => page.locator('.tab-panel:visible').count()

  it.each([360, 390, 768, 1280])('does not scroll sideways at %i px, and asks for nothing', async (width) => {
    const { page, trouble } = await open(width)
    expect(await page.evaluate(scrollWidth)).toBe(width)
    expect(trouble).toEqual([])
    await page.close()
  })

  it('switches metrics without a script', async () => {
    const { page } = await open(1280, { javaScriptEnabled: false })
    expect(await page.locator('#theme').isVisible()).toBe(false)
    expect(await shownPanels(page)).toBe(1)
    await page.locator('label', { hasText: 'Accuracy' }).click()
    expect(await shownPanels(page)).toBe(1)
    expect(await page.locator('.tab-panel:visible h3').first().textContent()).toContain('Accuracy')
    await page.close()
  })

  it('switches to dark and back', async () => {
    const { page, trouble } = await open(1280)
    const light = await page.evaluate(ink)
    await page.locator('#theme').click()
    expect(await page.evaluate(ink)).not.toBe(light)
    await page.locator('#theme').click()
    expect(await page.evaluate(ink)).toBe(light)
    expect(trouble).toEqual([])
    await page.close()
  })
})
