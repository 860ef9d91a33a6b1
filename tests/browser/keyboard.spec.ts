import { readFileSync } from 'node:fs'
import { expect, type Locator, test } from '@playwright/test'
import { parseTranscript } from '../../src/cli/transcript.ts'
import { readQuestions } from '../../src/site/questionText.ts'
import { LessonPage } from './lessonPage.ts'

const folder = 'content/00-getting-around/01-ask-the-cluster'
/** So many times at most somebody presses Tab to get somewhere. */
const patience = 150

test('a whole lesson is done by keyboard alone', async ({ page }) => {
  const lesson = await LessonPage.open(page, '/en/getting-around/ask-the-cluster/')
  const terminal = page.locator('.xterm-helper-textarea')
  const isFocused = (place: Locator) => place.evaluate(element => element === document.activeElement)
  const goTo = async (place: Locator, key: 'Tab' | 'Shift+Tab') => {
    for (let i = 0; i < patience; i++) {
      if (await isFocused(place)) return
      await page.keyboard.press(key)
    }
    throw new Error(`${patience} times ${key} lead nowhere`)
  }
  // The text stands before the terminal, which keeps Tab for itself until Escape.
  const intoText = async (place: Locator) => {
    if (await isFocused(terminal)) await page.keyboard.press('Escape')
    await goTo(place, 'Shift+Tab')
  }
  const questions = new Map(readQuestions(readFileSync(`${folder}/en.mdx`, 'utf8')).map(each => [each.id, each]))
  await goTo(page.locator('.skip'), 'Tab')
  await goTo(terminal, 'Tab')
  for (const step of parseTranscript(readFileSync(`${folder}/solutions/by-run.txt`, 'utf8')).steps) {
    if ('run' in step) {
      const button = page.locator(`button[data-command=${JSON.stringify(step.run)}]`).first()
      const before = await lesson.text()
      if ((await button.count()) > 0) {
        await intoText(button)
        await page.keyboard.press('Enter')
        await expect.poll(() => lesson.text()).toContain(step.run)
        await expect.poll(() => isFocused(terminal)).toBe(true)
      } else {
        if (!(await isFocused(terminal))) await goTo(terminal, 'Tab')
        await page.keyboard.type(step.run)
      }
      await page.keyboard.press('Enter')
      await expect.poll(() => lesson.text(), { timeout: 30_000 }).not.toBe(before)
      await lesson.prompts()
    } else if ('answer' in step) {
      const options = page.locator(`[data-question="${step.answer}"] input`)
      await intoText(options.first())
      const index = questions.get(step.answer)!.options.findIndex(({ value }) => value === step.value)
      await page.keyboard.press('Space')
      for (let i = 0; i < index; i++) await page.keyboard.press('ArrowDown')
      await expect(options.nth(index)).toBeChecked()
      await goTo(terminal, 'Tab')
    } else {
      await lesson.run('kubectl wait --for=condition=Ready pod --all --timeout=60s')
    }
  }
  await expect(page.locator('.checklist [data-check]:not([data-state="pass"])')).toHaveCount(0, { timeout: 60_000 })
})
