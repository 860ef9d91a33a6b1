import { beforeAll, expect, test } from 'vitest'
import { Lab } from '#simulator/lab.ts'
import { readLabDefinition } from '#simulator/labDefinition.ts'

let lab: Lab

beforeAll(async () => {
  lab = await Lab.boot(readLabDefinition(''), 1)
  await lab.run('for i in 1 2 3 4 5; do kubectl create configmap note-$i; done')
})

async function run(command: string): Promise<string> {
  return (await lab.run(command)).stdout
}

test('a list that comes in chunks is shown whole', async () => {
  const names = 'kube-root-ca.crt note-1 note-2 note-3 note-4 note-5'
  for (const size of [0, 1, 2, 6, 500])
    expect(await run(`echo $(kubectl get configmaps --chunk-size=${size} --no-headers | cut -d ' ' -f 1)`)).toBe(
      `${names}\n`,
    )
  expect(await run('kubectl get cm -w --chunk-size=2 --request-timeout=1s --no-headers | wc -l')).toBe('6\n')
})

test('so many objects travel at once as are asked for, and all of them when they are to be sorted', async () => {
  const requests = (flags: string) => run(`kubectl get configmaps -v=6 ${flags} 2>&1 | grep -c configmaps?`)
  expect(await requests('--chunk-size=2')).toBe('3\n')
  expect(await run('kubectl get configmaps -v=6 --chunk-size=2 --sort-by=.metadata.name 2>&1 | grep -c limit=')).toBe(
    '0\n',
  )
})
