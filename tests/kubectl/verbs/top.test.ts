import { beforeAll, expect, test } from 'vitest'
import { referenceCluster } from '#simulator/cluster/definition.ts'
import { Lab } from '#simulator/lab.ts'

let lab: Lab

beforeAll(async () => {
  lab = await Lab.boot({ cluster: { ...referenceCluster, addons: ['metrics-server'] }, files: {} }, 1)
})

const run = async (command: string) => {
  const { stdout, stderr } = await lab.run(command)
  return stdout + stderr
}

test('nodes come with their shares, the last column padded like the others', async () => {
  expect(await run('kubectl top node')).toMatch(
    /^NAME {12}CPU\(cores\) {3}CPU\(%\) {3}MEMORY\(bytes\) {3}MEMORY\(%\) {3}\ncontrol-plane {3}\d+m {8,}\d% {7}\d+Mi {9,}\d% {10}\n/,
  )
  expect((await run('kubectl top node node1 --no-headers')).split(/\s+/).slice(0, 3)).toEqual([
    'node1',
    expect.stringMatching(/^\d+m$/),
    expect.stringMatching(/^\d%$/),
  ])
})

test('a pod shows once it has been seen twice', async () => {
  await run('kubectl run web --image=nginx')
  expect(await run('kubectl top pod')).toBe('error: metrics not available yet\n')
  await lab.advance(45_000)
  expect(await run('kubectl top pod')).toBe(
    'NAME   CPU(cores)   MEMORY(bytes)   \nweb    0m           3Mi             \n',
  )
  expect(await run('kubectl top pod --containers')).toBe(
    'POD   NAME   CPU(cores)   MEMORY(bytes)   \nweb   web    0m           3Mi             \n',
  )
  expect(await run('kubectl top pod --sum --no-headers')).toBe(
    'web   0m         3Mi        \n      ________   ________   \n      0m         3Mi        \n',
  )
})

test.each([
  ['kubectl top pod -n kube-public', 'No resources found in kube-public namespace.\n'],
  ['kubectl top pod nope', 'Error from server (NotFound): podmetrics.metrics.k8s.io "default/nope" not found\n'],
  ['kubectl top node nope', 'Error from server (NotFound): nodemetrics.metrics.k8s.io "nope" not found\n'],
  ['kubectl top node --sort-by=disk', 'error: --sort-by accepts only cpu or memory\n'],
])('%s says %s', async (command, expected) => {
  expect(await run(command)).toBe(expected)
})

test('the greediest come first when asked for', async () => {
  const lines = (await run('kubectl top pod -A --sort-by=cpu --no-headers')).split('\n')
  expect(lines[0]).toContain('kube-apiserver-control-plane')
})
