import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { LessonPage } from './lessonPage.ts'

const lessons = [
  '/ko/service/a-name-that-stays/',
  '/en/service/a-name-that-stays/',
  '/ko/pod/out-of-reach/',
  '/en/service/short-names/',
]
const references = ['review', 'glossary', 'commands', 'playground', 'notes', 'simulated', 'instructors']
const pages = ['/ko/', '/en/', ...lessons, ...references.flatMap(page => [`/ko/${page}/`, `/en/${page}/`])]

for (const path of pages)
  for (const colorScheme of ['light', 'dark'] as const)
    test(`${path} is accessible in ${colorScheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme })
      await page.goto(path)
      await expect(page.locator('astro-island[ssr]')).toHaveCount(0)
      if (lessons.includes(path) || path.includes('playground')) await new LessonPage(page).isReady()
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html).join(' ')}`)).toEqual([])
    })

test('the first page goes to the language of the browser', async ({ browser }) => {
  for (const [locale, path] of [
    ['ko-KR', '/ko/'],
    ['fr-FR', '/en/'],
  ] as const) {
    const context = await browser.newContext({ locale })
    const page = await context.newPage()
    await page.goto('/')
    await page.waitForURL(`**${path}`)
    await context.close()
  }
})

test('the chosen colours are there again after a reload, and the policy refuses nothing on a page', async ({
  page,
}) => {
  const refused: string[] = []
  page.on('console', message => {
    if (/content security policy/i.test(message.text())) refused.push(message.text())
  })
  await page.goto('/en/')
  await page.locator('[data-theme-switch]').selectOption('dark')
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await LessonPage.open(page, '/ko/service/a-name-that-stays/')
  expect(refused).toEqual([])
})

test('what the seed chose stands in the text and in its commands', async ({ page }) => {
  const lesson = await LessonPage.open(page, '/en/service/short-names/')
  const garden = await page.locator('code[data-template="{{garden}}"]').first().textContent()
  expect(garden).toMatch(/^(orchard|meadow|vineyard)$/)
  const shown = await lesson.click(`kubectl exec client -- curl -sS -m 5 http://rose.${garden}`)
  expect(shown).toContain('a rose')
})

test('only the text of a lesson scrolls, never the page as a whole', async ({ page }) => {
  const lesson = await LessonPage.open(page, '/ko/pod/out-of-reach/')
  await lesson.run('kubectl get pods')
  await page.locator('#checks').evaluate(element => element.scrollIntoView())
  const { height, top } = await page.evaluate(() => ({
    height: document.documentElement.scrollHeight - innerHeight,
    top: document.documentElement.scrollTop + document.body.scrollTop,
  }))
  expect([height, top]).toEqual([0, 0])
})

test('nothing is asked of another origin, and the lesson works without a network after the first visit', async ({
  page,
  context,
  baseURL,
}) => {
  const foreign: string[] = []
  page.on('request', request => {
    if (!request.url().startsWith(baseURL ?? '') && !/^(data|blob):/.test(request.url())) foreign.push(request.url())
  })
  const lesson = await LessonPage.open(page, '/en/service/a-name-that-stays/')
  await page.evaluate(() => navigator.serviceWorker.ready)
  await expect.poll(() => page.evaluate(async () => (await caches.keys()).length)).toBeGreaterThan(0)
  await context.setOffline(true)
  await page.reload()
  await lesson.isReady()
  expect(await lesson.run('kubectl get nodes')).toContain('Ready')
  expect(foreign).toEqual([])
})

test('a phone shows the text first and the lab as a sheet', async ({ browser, baseURL }) => {
  const context = await browser.newContext({
    viewport: { width: 360, height: 740 },
    hasTouch: true,
    isMobile: true,
    baseURL: baseURL ?? '',
  })
  const page = await context.newPage()
  await page.goto('/ko/service/a-name-that-stays/')
  await expect(page.locator('h1')).toBeVisible()
  await expect(page.locator('.lab-pane')).toBeHidden()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  await page.locator('.sheet').click()
  await expect(page.locator('.lab-pane .screen')).toBeVisible()
  await context.close()
})

test('text that comes without keys is taken, once', async ({ page }) => {
  const lesson = await LessonPage.open(page, '/ko/service/a-name-that-stays/')
  await page.locator('.xterm-helper-textarea').focus()
  await page.keyboard.insertText('echo one')
  expect(await lesson.enter()).toContain('one')
  await page.keyboard.insertText('echo 파드')
  await page.keyboard.type(' two')
  await page.keyboard.insertText(' three')
  expect(await lesson.enter()).toContain('\n파드 two three\n')
})

test('Tab belongs to the shell, and Escape with Tab leaves the terminal', async ({ page }) => {
  const lesson = await LessonPage.open(page, '/en/service/a-name-that-stays/')
  await lesson.type('kubectl get no')
  await page.keyboard.press('Tab')
  await expect.poll(() => lesson.text()).toContain('kubectl get nodes')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Tab')
  await expect(page.locator('.xterm-helper-textarea')).not.toBeFocused()
})

test('what was done last is there again when the page is left at once', async ({ page }) => {
  const lesson = await LessonPage.open(page, '/ko/service/a-name-that-stays/')
  await lesson.run('touch kept')
  await page.goto('/en/service/a-name-that-stays/')
  await lesson.isReady()
  expect(await lesson.run('ls')).toContain('kept')
})
