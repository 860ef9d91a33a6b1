import { beforeAll, expect, test } from 'vitest'
import { referenceCluster } from '#simulator/cluster/definition.ts'
import { Lab } from '#simulator/lab.ts'

let lab: Lab

beforeAll(async () => {
  lab = await Lab.boot({ cluster: referenceCluster, files: {} }, 1)
  await lab.run('kubectl get pods')
})

/** What kubectl logs, without times and durations. */
async function log(command: string): Promise<string[]> {
  const { stderr } = await lab.run(command)
  return stderr
    .replace(/^[IE]\d{4} [\d:.]+ +\d+ /gm, '')
    .replace(/illiseconds=\d+/g, 'illiseconds=N')
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('envvar.go'))
}

const pods = 'https://192.168.64.10:6443/api/v1/namespaces/default/pods'

test('-v=6 tells of each request in a line', async () => {
  expect(await log('kubectl get pods -v=6')).toEqual([
    'loader.go:407] Config loaded from file:  /home/learner/.kube/config',
    `round_trippers.go:632] "Response" verb="GET" url="${pods}?limit=500" status="200 OK" milliseconds=N`,
    'No resources found in default namespace.',
  ])
})

test('-v=7 adds the headers of the request', async () => {
  expect(await log('kubectl get pods -v=7')).toEqual(
    expect.arrayContaining([
      `round_trippers.go:527] "Request" verb="GET" url="${pods}?limit=500" headers=<`,
      '\tAccept: application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json',
      '\tUser-Agent: kubectl/v1.36.3 (linux/amd64) kubernetes/$Format',
      'round_trippers.go:632] "Response" status="200 OK" milliseconds=N',
    ]),
  )
})

test('-v=8 shows bodies, long ones only in part', async () => {
  const lines = (await log('kubectl get pods -v=8')).join('\n')
  expect(lines).toContain('helper.go:113] "Request Body" body=""')
  expect(lines).toMatch(/helper\.go:113\] "Response Body" body=(<\n\t)?"?\{/)
})

test('-v=9 gives the command of curl', async () => {
  expect((await log('kubectl get pods -v=9')).join('\n')).toContain(`curl -v -XGET  -H "Accept: `)
})

test('a refusal is shown as the server sent it', async () => {
  expect((await log('kubectl get pod nope -v=4')).join('\n')).toContain(
    'helpers.go:246] server response object: %s[{\n  "kind": "Status",',
  )
})

test('without -v nothing is told', async () => {
  expect(await log('kubectl get pods')).toEqual(['No resources found in default namespace.'])
})
