import { beforeAll, expect, test } from 'vitest'
import { referenceCluster } from '#simulator/cluster/definition.ts'
import { Lab } from '#simulator/lab.ts'

const files = {
  'net.yaml': 'env: [{name: A, value: b}]\nsecurityContext: {capabilities: {add: [NET_ADMIN]}}\n',
  'image.json': '{"image": "x"}',
  'list.json': '[]',
}

let lab: Lab

beforeAll(async () => {
  lab = await Lab.boot({ cluster: referenceCluster, files }, 1)
  await lab.run('kubectl run box --image=busybox:1.36 -- sleep infinity')
})

test('a custom profile is merged into the debugging container', async () => {
  await lab.run('kubectl debug box --image=busybox:1.36 -c dbg --profile=general --custom=net.yaml')
  const { stdout } = await lab.run(
    `kubectl get pod box -o jsonpath='{.spec.ephemeralContainers[0].env} {.spec.ephemeralContainers[0].securityContext}'`,
  )
  expect(stdout).toBe('[{"name":"A","value":"b"}] {"capabilities":{"add":["NET_ADMIN"]}}')
})

test.each([
  ['image.json', 'error: name, command, image, lifecycle and volume devices are not modifiable via custom profile\n'],
  [
    'list.json',
    'error: list.json does not contain a valid container spec: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type v1.Container\n',
  ],
  [
    'nope.json',
    'error: must pass a container spec json file for custom profile: open nope.json: no such file or directory\n',
  ],
])('--custom=%s is refused', async (file, stderr) => {
  expect(await lab.run(`kubectl debug box --image=busybox:1.36 --custom=${file}`)).toMatchObject({ stderr, status: 1 })
})
