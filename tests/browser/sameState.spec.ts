import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { expect, type Page, test } from '@playwright/test'
import { LessonPage } from './lessonPage.ts'

const lesson = 'service/a-name-that-stays'

/** What the browser keeps of the lesson once nothing is being typed any more. */
async function storedWork(page: Page, commands: number): Promise<{ log: readonly { text?: string }[] }> {
  const read = () =>
    page.evaluate(
      id =>
        new Promise<{ log: readonly { text?: string }[] } | undefined>((resolve, reject) => {
          const request = indexedDB.open('kubehop')
          request.onerror = () => reject(request.error)
          request.onsuccess = () => {
            const found = request.result.transaction('labs').objectStore('labs').get(id)
            found.onsuccess = () => {
              request.result.close()
              resolve(found.result)
            }
          }
        }),
      lesson,
    )
  const enters = async () => (await read())?.log.filter(({ text }) => text?.includes('\r')).length
  await expect.poll(enters, { timeout: 30_000 }).toBe(commands)
  return (await read())!
}

/** Replays what is kept in a worker of its own, with time standing still afterwards. */
function hashInPage(page: Page, worker: string): Promise<string> {
  return page.evaluate(
    ([url, id]) =>
      new Promise<string>((resolve, reject) => {
        const lab = new Worker(url!, { type: 'module' })
        lab.onerror = event => reject(new Error(event.message))
        lab.onmessage = ({ data }) => {
          if (data.type === 'bug') reject(new Error(data.report))
          if (data.type !== 'hash') return
          lab.terminate()
          resolve(data.hash)
        }
        lab.postMessage({ type: 'open', lesson: id, columns: 80, rows: 24 })
        lab.postMessage({ type: 'speed', factor: 0 })
        lab.postMessage({ type: 'hash' })
      }),
    [worker, lesson],
  )
}

test('a session has the same state in the browser and in Node, twice', async ({ page }, testRun) => {
  const typed = await LessonPage.open(page, `/en/${lesson}/`)
  const commands = [
    'kubectl apply -f sleep1.yaml -f sleep2.yaml -f sleep2-service.yaml',
    'kubectl wait --for=condition=Ready pod --all',
    'kubectl exec deploy/sleep-1 -- curl -s http://sleep-2 > page.html; wc page.html',
    'kubectl delete pod -l app=sleep-2',
    'for i in 1 2 3; do kubectl exec deploy/sleep-1 -- ping -c 1 -W 1 sleep-2; done',
  ]
  for (const command of commands) await typed.run(command)
  await storedWork(page, commands.length)
  const worker = await page.evaluate(
    () => performance.getEntriesByType('resource').find(({ name }) => /worker-[^/]*\.js$/.test(name))!.name,
  )
  // A page without a lab: the one that was typed into stops and stores no more.
  await page.goto('/en/')
  const work = testRun.outputPath('work.json')
  writeFileSync(work, JSON.stringify(await storedWork(page, commands.length)))

  const inNode = () => execFileSync(process.execPath, ['src/cli/lab.ts', 'hash', work], { encoding: 'utf8' }).trim()
  const hashes = [inNode(), await hashInPage(page, worker), inNode(), await hashInPage(page, worker)]
  expect(hashes[0]).toMatch(/^[0-9a-f]{8,}$/)
  expect(new Set(hashes).size, hashes.join(' ')).toBe(1)
})
