import { expect, test } from 'vitest'
import { referenceCluster } from '#simulator/cluster/definition.ts'
import { Lab } from '#simulator/lab.ts'

const lab = await Lab.boot({ cluster: referenceCluster, files: {} }, 1)

/** What a command says, and how many milliseconds it took. */
async function timed(command: string) {
  const since = lab.now
  const { stdout, stderr, status } = await lab.run(command, 120_000)
  return { stdout, stderr, status, took: lab.now - since }
}

test.each([
  ['kubectl get nodes -w --request-timeout=15s', 15_000],
  ['kubectl get nodes --watch-only --request-timeout=3', 3000],
  ['kubectl get node node1 -o name -w --request-timeout=1m', 60_000],
  ['kubectl events -w --request-timeout=2s', 2000],
])('%s stops watching without a word', async (command, duration) => {
  const { stderr, status, took } = await timed(`timeout 61 ${command}`)
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
  expect(took).toBeGreaterThanOrEqual(duration)
  expect(took).toBeLessThan(duration + 500)
})

test('changes are told for as long as the watch lasts', async () => {
  const watch = 'kubectl get configmaps -o name --watch-only --request-timeout=4s'
  const command = `${watch} & sleep 2; kubectl create configmap early; sleep 4; kubectl create configmap late; wait`
  const { stdout } = await timed(command)
  expect(stdout.split('\n').filter(line => line === 'configmap/early')).toHaveLength(1)
  expect(stdout).toContain('configmap/late created')
  expect(stdout.split('\n')).not.toContain('configmap/late')
})

test('zero is no limit, and other words are refused', async () => {
  expect((await timed('timeout 20 kubectl get nodes -w --request-timeout=0')).status).toBe(124)
  expect(await timed('kubectl get nodes --request-timeout=soon')).toMatchObject({
    stderr:
      'error: Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)\n',
    status: 1,
  })
})
