import { readFileSync } from 'node:fs'
import { expect, test } from '@playwright/test'
import { readQuestions } from '../../src/site/questionText.ts'
import { LessonPage } from './lessonPage.ts'

test('search finds words inside compounds, and English terms from a Korean page', async ({ page }) => {
  await page.goto('/ko/glossary/')
  await page.getByRole('button', { name: '검색' }).click()
  const field = page.locator('dialog input')
  for (const word of ['정책', '밸런서', '엔드포인트', 'endpoint', 'network policy']) {
    await field.fill(word)
    await expect(page.locator('dialog [role="status"]')).toContainText('곳에서 찾았어요')
    expect(await page.locator('dialog li').count()).toBeGreaterThan(0)
  }
  await field.fill('zzzz')
  await expect(page.locator('dialog [role="status"]')).toHaveText('찾은 것이 없어요.')
  await field.fill('사이드카')
  await expect(page.locator('dialog li').first()).toBeVisible()
  await field.press('Enter')
  await expect(page).not.toHaveURL(/glossary\/$/)
})

test('the playground begins with the settings that were chosen, and keeps them', async ({ page }) => {
  page.on('dialog', dialog => dialog.accept())
  const lab = await LessonPage.open(page, '/en/playground/')
  await page.getByLabel('Network plugin').selectOption('calico')
  await page.getByLabel('Mode of kube-proxy').selectOption('nftables')
  await page.getByLabel('lab.yaml').fill(`${await page.getByLabel('lab.yaml').inputValue()}speed: 9\n`)
  await expect(page.locator('.lab-settings [role="status"]')).toContainText('unknown setting speed')
  const begin = page.getByRole('button', { name: 'Begin with these settings' })
  await expect(begin).toBeDisabled()
  await page.getByLabel('lab.yaml').fill('cni:\n  plugin: calico\nproxy: nftables\n')
  await begin.click()
  await expect.poll(() => lab.text(), { timeout: 30_000 }).toMatch(/^learner@lab:~\$$/)
  await lab.isReady()
  expect(await lab.run('kubectl get daemonsets -A')).toContain('calico-node')
  await page.reload()
  await lab.isReady()
  expect(await lab.run('kubectl get pods -n kube-system -l k8s-app=calico-node --no-headers | wc -l')).toContain('3')
  await expect(page.getByLabel('Network plugin')).toHaveValue('calico')
})

test('settings come with a link', async ({ page }) => {
  const text = 'cni:\n  plugin: weave\n'
  await page.goto(`/ko/playground/#lab=${Buffer.from(text).toString('base64url')}`)
  await expect(page.locator('.lab-settings textarea')).toHaveValue(text)
})

test('who knows a lesson jumps ahead, and it is called known', async ({ page }) => {
  const folder = 'content/01-container/02-port-clash'
  await LessonPage.open(page, '/ko/container/port-clash/')
  const source = readFileSync(`${folder}/ko.mdx`, 'utf8')
  const ahead = /^ahead: \[(.*)\]$/m.exec(source)?.[1]?.split(', ') ?? []
  await page.locator('.ahead summary').click()
  for (const [index, id] of ahead.entries()) {
    const { options, truth } = readQuestions(source).find(question => question.id === id)!
    const right = options.findIndex(({ value }) => value === truth)
    await page.locator('.ahead fieldset').nth(index).locator('input').nth(right).check()
  }
  await expect(page.locator('.ahead > p')).toContainText('건너뛰어도 좋아요')
  await page.goto('/ko/')
  await expect(page.locator('[data-progress="container/port-clash"]')).toHaveText('아는 수업')
})

test('questions of a lesson that was begun come back on the review page', async ({ page }) => {
  await page.goto('/en/review/')
  await expect(page.locator('main [role="status"]')).toContainText('Nothing is due today')
  const lesson = await LessonPage.open(page, '/en/getting-around/ask-the-cluster/')
  await lesson.choose('how-many-workers', 1)
  const passed = page.locator('.checklist [data-state="pass"]')
  const source = readFileSync('content/00-getting-around/01-ask-the-cluster/en.mdx', 'utf8')
  const question = readQuestions(source).find(({ id }) => id === 'how-many-workers')!
  await lesson.choose(
    'how-many-workers',
    question.options.findIndex(({ value }) => value === question.truth),
  )
  await expect(passed).not.toHaveCount(0, { timeout: 60_000 })
  await page.goto('/en/review/')
  await expect(page.locator('main [role="status"]').first()).toContainText('due.')
  await page.locator('.again summary').first().click()
  await page.locator('.again input').first().check()
  await expect(page.locator('.again [role="status"]').first()).not.toBeEmpty()
})
