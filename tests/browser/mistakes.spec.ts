import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from '@playwright/test'
import { parseTranscript } from '../../src/cli/transcript.ts'
import { LessonPage } from './lessonPage.ts'

const folder = 'content/03-service/01-a-name-that-stays/mistakes'
const values = ['dns', 'pod', 'no-rule', 'blocked']

for (const name of readdirSync(folder)) {
  test(`the mistake ${name} gets its own message`, async ({ page }) => {
    const text = readFileSync(`${folder}/${name}`, 'utf8')
    const check = /^# fails (\S+)$/m.exec(text)?.[1] ?? ''
    const lesson = await LessonPage.open(page, '/en/service/a-name-that-stays/')
    for (const step of parseTranscript(text).steps) {
      if ('run' in step) await lesson.run(step.run)
      else if ('answer' in step) await lesson.choose(step.answer, values.indexOf(step.value))
      else await lesson.run('kubectl wait --for=condition=Ready pod --all --timeout=60s')
    }
    await expect(lesson.check(check)).toHaveAttribute('data-state', 'fail', { timeout: 60_000 })
    await expect(lesson.check(check).locator('.reason')).not.toBeEmpty()
  })
}
