import { expect, type Locator, type Page } from '@playwright/test'

/** A lesson as a learner sees it in the browser. */
export class LessonPage {
  readonly page: Page
  readonly screen: Locator

  constructor(page: Page) {
    this.page = page
    this.screen = page.locator('.lab-pane .screen')
  }

  static async open(page: Page, path: string): Promise<LessonPage> {
    const lesson = new LessonPage(page)
    await page.goto(path)
    await lesson.isReady()
    return lesson
  }

  /** Waits until the shell asks for a command. */
  async isReady(): Promise<void> {
    await expect(this.page.locator('astro-island[ssr]')).toHaveCount(0)
    await expect(this.screen).toHaveAttribute('data-ready', 'true', { timeout: 30_000 })
    await this.prompts()
  }

  /** Text of the terminal's screen, with what has scrolled away. */
  text(): Promise<string> {
    return this.screen.evaluate(element => (element as HTMLElement & { screenText: string }).screenText.trimEnd())
  }

  async prompts(): Promise<void> {
    await expect.poll(() => this.text(), { timeout: 90_000 }).toMatch(/[$#]$/)
  }

  /** Types a command and waits for its end; gives what the screen showed in between. */
  async run(command: string): Promise<string> {
    await this.type(command)
    return this.enter()
  }

  async type(text: string): Promise<void> {
    await this.page.locator('.xterm-helper-textarea').focus()
    await this.page.keyboard.type(text)
  }

  async enter(): Promise<string> {
    const before = await this.text()
    await this.page.locator('.xterm-helper-textarea').focus()
    await this.page.keyboard.press('Enter')
    await expect.poll(() => this.text(), { timeout: 30_000 }).not.toBe(before)
    await this.prompts()
    return (await this.text()).slice(before.length)
  }

  /** Clicks a command of the text, which types it, and presses Enter. */
  async click(command: string): Promise<string> {
    await this.page
      .locator(`button[data-command=${JSON.stringify(command)}]`)
      .first()
      .click()
    await expect.poll(() => this.text()).toContain(command.slice(-20))
    return this.enter()
  }

  async choose(question: string, index: number): Promise<void> {
    await this.page.locator(`[data-question="${question}"] input`).nth(index).check()
  }

  check(id: string): Locator {
    return this.page.locator(`[data-check="${id}"]`)
  }

  async passes(id: string): Promise<void> {
    await expect(this.check(id)).toHaveAttribute('data-state', 'pass', { timeout: 60_000 })
  }
}
