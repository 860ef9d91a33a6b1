import { beforeAll, expect, test } from 'vitest'
import { referenceCluster } from '#simulator/cluster/definition.ts'
import { Lab } from '#simulator/lab.ts'

const files = {
  'web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template: {spec: {containers: [{name: nginx, image: "nginx:1.27"}]}}
`,
  'svc.yaml': 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n',
  'thing.yaml': 'apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: t}\nspec: {a: 1}\n',
}

let lab: Lab

beforeAll(async () => {
  lab = await Lab.boot({ cluster: referenceCluster, files }, 1)
  await lab.run('export KUBECONFIG=/nowhere')
})

test('set image shows what the types of Go always print', async () => {
  const { stdout } = await lab.run('kubectl set image --local -f web.yaml nginx=nginx:1.28 -o yaml')
  expect(stdout).toBe(`apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels:
      app: web
  strategy: {}
  template:
    metadata: {}
    spec:
      containers:
      - image: nginx:1.28
        name: nginx
        resources: {}
status: {}
`)
})

// What kubectl 1.36.3 says without any server.
test.each([
  [
    'set image --local -f svc.yaml a=b',
    'error: service/web the object is not a pod or does not have a pod template: *v1.Service\n',
  ],
  ['set image --local -f web.yaml a=b', 'error: unable to find container named "a"\n'],
  [
    'set image --local -f thing.yaml a=b',
    'error: unable to decode "thing.yaml": no kind "Thing" is registered for version "example.com/v1" in scheme "pkg/runtime/scheme.go:111"\n',
  ],
  [
    'set resources --local -f svc.yaml --limits=cpu=1',
    'error: service/web the object is not a pod or does not have a pod template: *v1.Service\n',
  ],
  [
    "patch --local -f thing.yaml -p '{}'",
    'error: strategic merge patch is not supported for example.com/v1, Kind=Thing locally, try --type merge\n',
  ],
  [
    "patch --local -f web.yaml --type=json -p '{}'",
    'error: json: cannot unmarshal object into Go value of type jsonpatch.Patch\n',
  ],
  ['patch --local -f web.yaml -p foo', 'error: invalid JSON document\n'],
  [
    `patch --local -f web.yaml --type=json -p '[{"op":"remove","path":"/spec/foo"}]'`,
    "error: error in remove for path: '/spec/foo': Unable to remove nonexistent key: foo: missing value\n",
  ],
  [
    'label --local pods a k=v',
    'error: can only use local files by -f pod.yaml or --filename=pod.json when --local=true is set\n',
  ],
  [
    'annotate --local -f web.yaml k=v k-',
    'error: can not both modify and remove the following annotation(s) in the same command: k\n',
  ],
  ['get -f web.yaml -k .', 'error: only one of -f or -k can be specified\n'],
])('kubectl %s is refused', async (words, stderr) => {
  expect(await lab.run(`kubectl ${words}`)).toEqual({ stdout: '', stderr, status: 1 })
})
