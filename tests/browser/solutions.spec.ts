import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { lessonFolders } from '../../src/cli/content.ts'
import { parseTranscript } from '../../src/cli/transcript.ts'
import { readQuestions } from '../../src/site/questionText.ts'
import { LessonPage } from './lessonPage.ts'

test.describe.configure({ timeout: 240_000 })

/**
 * Every other lesson and the exam, in languages and themes that take turns; `THOROUGH=1 npx playwright test` solves all of them and looks
 * at every page in both.
 */
const isThorough = process.env['THOROUGH'] === '1'
const themes = ['light', 'dark'] as const

// One solution of every lesson, as a learner types it.
for (const [index, { id, folder }] of lessonFolders().entries()) {
  const isExam = /^exam:/m.test(readFileSync(join(folder, 'en.mdx'), 'utf8'))
  if (!isThorough && index % 2 === 1 && !isExam) continue
  const locale = (index >> 1) % 2 === 0 ? 'ko' : 'en'
  test(`${id} is solved in ${locale}`, async ({ page }) => {
    const [solution = ''] = readdirSync(join(folder, 'solutions')).sort()
    const source = readFileSync(join(folder, `${locale}.mdx`), 'utf8')
    const questions = new Map(readQuestions(source).map(question => [question.id, question]))
    page.on('dialog', dialog => dialog.accept())
    const lesson = await LessonPage.open(page, `/${locale}/${id}/`)
    if (isExam) {
      await page.locator('.exam button').click()
      await expect(page.locator('.exam [role="timer"]')).toBeVisible()
      await lesson.isReady()
    }
    await lesson.hurry()
    for (const step of parseTranscript(readFileSync(join(folder, 'solutions', solution), 'utf8')).steps) {
      if ('run' in step) await lesson.run(step.run)
      else if ('wait' in step) {
        if (step.wait === 'settle') await lesson.settle()
        else await lesson.wait(Math.ceil(Number.parseFloat(step.wait) * (step.wait.endsWith('ms') ? 0.001 : 1)))
      } else {
        const options = questions.get(step.answer)?.options.map(({ value }) => value) ?? []
        await lesson.chooseValue(step.answer, options, step.value)
      }
    }
    if (isExam) await page.locator('.exam button').click()
    const checks = page.locator('.checklist [data-check]')
    await expect
      .poll(
        () =>
          checks.evaluateAll(all =>
            all.filter(one => one.dataset['state'] !== 'pass').map(one => one.dataset['check']),
          ),
        {
          timeout: 120_000,
        },
      )
      .toEqual([])
    await isAccessible(page, isThorough ? themes : [themes[(index >> 2) % 2]!])
    if (!isThorough) return
    // The other language keeps what was done.
    const all = await checks.count()
    await page.locator('a[data-language]').click()
    await lesson.isReady()
    await expect(page.locator('.checklist [data-state="pass"]')).toHaveCount(all, { timeout: 120_000 })
    await isAccessible(page, themes)
  })
}

async function isAccessible(page: Page, colorSchemes: readonly (typeof themes)[number][]): Promise<void> {
  for (const colorScheme of colorSchemes) {
    await page.emulateMedia({ colorScheme })
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html).join(' ')}`)).toEqual([])
  }
}
