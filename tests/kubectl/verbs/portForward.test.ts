import { beforeAll, expect, test } from 'vitest'
import { referenceCluster } from '#simulator/cluster/definition.ts'
import { Lab } from '#simulator/lab.ts'

let lab: Lab

beforeAll(async () => {
  lab = await Lab.boot({ cluster: referenceCluster, files: {} }, 1)
  await lab.run(
    'kubectl create deployment web --image=nginx:1.27 && kubectl expose deployment web --port=8080 --target-port=80',
  )
  await lab.run('kubectl wait deployment/web --for=condition=Available')
})

/** Runs curl while a port is forwarded. */
async function through(words: string, url: string) {
  const forward = `kubectl port-forward ${words} > out 2>&1 & sleep 1`
  return lab.run(`${forward}; curl -s -o /dev/null -w '%{http_code}' ${url}; kill %1; wait 2>/dev/null; echo; cat out`)
}

test.each([
  ['deploy/web 9000:80', 'localhost:9000', 9000, 80],
  ['svc/web 9001:8080', 'localhost:9001', 9001, 80],
  ['$(kubectl get pod -l app=web -o name) 9002:80', '127.0.0.1:9002', 9002, 80],
])('kubectl port-forward %s reaches the pod', async (words, url, local, remote) => {
  const { stdout } = await through(words, url)
  expect(stdout).toBe(
    `200\nForwarding from 127.0.0.1:${local} -> ${remote}\nForwarding from [::1]:${local} -> ${remote}\nHandling connection for ${local}\n`,
  )
})

test('a port that nothing listens on breaks the connection', async () => {
  const { stdout } = await through('deploy/web 9003:81', 'localhost:9003')
  expect(stdout).toMatch(/^000\n/)
  expect(stdout).toContain('Handling connection for 9003')
})

test.each([
  ['svc/web 9000:81', 'error: Service web does not have a service port 81\n'],
  ['pod/nope 80', 'Error from server (NotFound): pods "nope" not found\n'],
  ['deploy/web', 'error: TYPE/NAME and list of ports are required for port-forward\n'],
])('kubectl port-forward %s is refused', async (words, stderr) => {
  const ran = await lab.run(`kubectl port-forward ${words}`)
  expect(ran.stderr.startsWith(stderr)).toBe(true)
  expect(ran.status).toBe(1)
})
