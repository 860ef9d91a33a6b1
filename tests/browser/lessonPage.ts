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
    await expect(this.page.locator('astro-island[ssr]')).toHaveCount(0, { timeout: 30_000 })
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

  /** Lets time run ahead until the cluster rests. */
  async settle(): Promise<void> {
    const quiet = this.page.locator('.toolbar button[aria-busy]')
    await quiet.click()
    // It may rest before the page hears that it does not.
    await this.page.waitForTimeout(200)
    await expect(quiet).toHaveAttribute('aria-busy', 'false', { timeout: 60_000 })
  }

  /** Simulated seconds since the lab began. */
  async seconds(): Promise<number> {
    const [minutes = 0, seconds = 0] = ((await this.page.locator('.toolbar .clock').textContent()) ?? '')
      .split(':')
      .map(Number)
    return minutes * 60 + seconds
  }

  /** Lets so many simulated seconds pass. */
  async wait(seconds: number): Promise<void> {
    const until = (await this.seconds()) + seconds + 1
    await expect.poll(() => this.seconds(), { timeout: 60_000 }).toBeGreaterThanOrEqual(until)
  }

  /** Ten times as fast. */
  async hurry(): Promise<void> {
    await this.page.locator('.toolbar button', { hasText: '×10' }).click()
  }

  async chooseValue(question: string, options: readonly string[], value: string): Promise<void> {
    const index = options.indexOf(value)
    if (index < 0) throw new Error(`question ${question} has no option ${value}`)
    await this.choose(question, index)
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
