import { beforeAll, expect, test } from 'vitest'
import { referenceCluster } from '#simulator/cluster/definition.ts'
import { Lab } from '#simulator/lab.ts'

interface Case {
  readonly title: string
  readonly files: Readonly<Record<string, string>>
  readonly folder: string
  readonly text: string
}

// What `kubectl kustomize` of release 1.36.3 prints.
const builds: readonly Case[] = [
  {
    title: 'names of generated objects follow their content, and references follow the names',
    folder: '.',
    files: {
      'kustomization.yaml': `resources: [web.yaml]
namePrefix: dev-
configMapGenerator:
- name: conf
  literals: [mode=dev]
`,
      'web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
      - name: web
        image: nginx:1.25
        envFrom:
        - configMapRef:
            name: conf
`,
    },
    text: `apiVersion: v1
data:
  mode: dev
kind: ConfigMap
metadata:
  name: dev-conf-t2hmhtdth5
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: dev-web
spec:
  template:
    spec:
      containers:
      - envFrom:
        - configMapRef:
            name: dev-conf-t2hmhtdth5
        image: nginx:1.25
        name: web
`,
  },
  {
    title: 'an overlay changes what its base says',
    folder: 'over',
    files: {
      'base/kustomization.yaml': `resources: [svc.yaml]
`,
      'base/svc.yaml': `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
  - port: 80
`,
      'over/kustomization.yaml': `resources: [../base]
namespace: prod
nameSuffix: -v2
labels:
- pairs: {env: prod}
  includeSelectors: true
`,
    },
    text: `apiVersion: v1
kind: Service
metadata:
  labels:
    env: prod
  name: web-v2
  namespace: prod
spec:
  ports:
  - port: 80
  selector:
    env: prod
`,
  },
  {
    title: 'generated data are merged into those of the base',
    folder: 'over',
    files: {
      'base/kustomization.yaml': `configMapGenerator:
- name: conf
  literals: [a=1, b=2]
`,
      'over/kustomization.yaml': `resources: [../base]
configMapGenerator:
- name: conf
  behavior: merge
  literals: [b=3]
`,
    },
    text: `apiVersion: v1
data:
  a: "1"
  b: "3"
kind: ConfigMap
metadata:
  name: conf-dtd4b88ttf
`,
  },
  {
    title: 'patches of both sorts, images and replicas',
    folder: '.',
    files: {
      'kustomization.yaml': `resources: [web.yaml]
images:
- name: nginx
  newTag: "1.27"
replicas:
- name: web
  count: 3
patches:
- patch: |-
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec: {template: {spec: {containers: [{name: side, image: busybox}]}}}
- target: {kind: Deployment}
  patch: |-
    - {op: add, path: /metadata/annotations/note, value: hi}
`,
      'web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
      - name: web
        image: nginx:1.25
        envFrom:
        - configMapRef:
            name: conf
`,
    },
    text: `apiVersion: apps/v1
kind: Deployment
metadata:
  annotations:
    note: hi
  name: web
spec:
  replicas: 3
  template:
    spec:
      containers:
      - image: busybox
        name: side
      - envFrom:
        - configMapRef:
            name: conf
        image: nginx:1.27
        name: web
`,
  },
  {
    title: 'a replacement copies a value and keeps the rest of a text',
    folder: '.',
    files: {
      'kustomization.yaml': `resources: [web.yaml, cm.yaml]
replacements:
- source: {kind: ConfigMap, name: conf, fieldPath: data.a}
  targets:
  - select: {kind: Deployment}
    fieldPaths: [spec.template.spec.containers.*.image]
    options: {delimiter: ":", index: 1}
`,
      'web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
      - name: web
        image: nginx:1.25
        envFrom:
        - configMapRef:
            name: conf
`,
      'cm.yaml': `apiVersion: v1
kind: ConfigMap
metadata:
  name: conf
data:
  a: "1"
`,
    },
    text: `apiVersion: v1
data:
  a: "1"
kind: ConfigMap
metadata:
  name: conf
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
      - envFrom:
        - configMapRef:
            name: conf
        image: nginx:1
        name: web
`,
  },
  {
    title: 'a component works on what includes it',
    folder: '.',
    files: {
      'kustomization.yaml': `resources: [svc.yaml]
components: [extra]
`,
      'svc.yaml': `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
  - port: 80
`,
      'extra/kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
commonAnnotations: {by: component}
`,
    },
    text: `apiVersion: v1
kind: Service
metadata:
  annotations:
    by: component
  name: web
spec:
  ports:
  - port: 80
`,
  },
  {
    title: 'objects come in the order in which they can be created',
    folder: '.',
    files: {
      'kustomization.yaml': `resources: [all.yaml]
`,
      'all.yaml': `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
  - port: 80
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: conf
data:
  a: "1"
---
apiVersion: v1
kind: Namespace
metadata:
  name: ns
`,
    },
    text: `apiVersion: v1
kind: Namespace
metadata:
  name: ns
---
apiVersion: v1
data:
  a: "1"
kind: ConfigMap
metadata:
  name: conf
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
  - port: 80
`,
  },
  {
    title: 'secrets have their data in base64, folded',
    folder: '.',
    files: {
      'kustomization.yaml': `secretGenerator:
- name: s
  literals: [k=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx]
generatorOptions: {disableNameSuffixHash: true}
`,
    },
    text: `apiVersion: v1
data:
  k: |
    eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eH
    h4eHh4eHh4
kind: Secret
metadata:
  name: s
type: Opaque
`,
  },
]

const refusals: readonly Case[] = [
  {
    title: 'an unknown field',
    folder: '.',
    files: {
      'kustomization.yaml': `foo: 1
`,
    },
    text: `error: invalid Kustomization: json: unknown field "foo"
`,
  },
  {
    title: 'a missing file',
    folder: '.',
    files: {
      'kustomization.yaml': `resources: [nope.yaml]
`,
    },
    text: `error: accumulating resources: accumulation err='accumulating resources from 'nope.yaml': evalsymlink failure on '/home/learner/FOLDER/nope.yaml' : lstat /home/learner/FOLDER/nope.yaml: no such file or directory': must build at directory: not a valid directory: evalsymlink failure on '/home/learner/FOLDER/nope.yaml' : lstat /home/learner/FOLDER/nope.yaml: no such file or directory
`,
  },
  {
    title: 'a file outside of the folder',
    folder: 'in',
    files: {
      'in/kustomization.yaml': `resources: [../svc.yaml]
`,
      'svc.yaml': `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
  - port: 80
`,
    },
    text: `error: accumulating resources: accumulation err='accumulating resources from '../svc.yaml': security; file '/home/learner/FOLDER/svc.yaml' is not in or below '/home/learner/FOLDER/in'': must build at directory: '/home/learner/FOLDER/svc.yaml': file is not directory
`,
  },
  {
    title: 'a folder that leads back to itself',
    folder: '.',
    files: {
      'kustomization.yaml': `resources: [.]
`,
    },
    text: `error: accumulating resources: accumulation err='accumulating resources from '.': '/home/learner/FOLDER' must resolve to a file': cycle detected: candidate root '/home/learner/FOLDER' contains visited root '/home/learner/FOLDER'
`,
  },
  {
    title: 'an object that comes twice',
    folder: '.',
    files: {
      'kustomization.yaml': `resources: [svc.yaml, svc.yaml]
`,
      'svc.yaml': `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
  - port: 80
`,
    },
    text: `error: accumulating resources: accumulation err='merging resources from 'svc.yaml': may not add resource with an already registered id: Service.v1.[noGrp]/web.[noNs]': must build at directory: '/home/learner/FOLDER/svc.yaml': file is not directory
`,
  },
  {
    title: 'a patch without a target',
    folder: '.',
    files: {
      'kustomization.yaml': `resources: [svc.yaml]
patches:
- patch: "{apiVersion: v1, kind: Service, metadata: {name: nope}}"
`,
      'svc.yaml': `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
  - port: 80
`,
    },
    text: `error: no resource matches strategic merge patch "Service.v1.[noGrp]/nope.[noNs]": no matches for Id Service.v1.[noGrp]/nope.[noNs]; failed to find unique target for patch Service.v1.[noGrp]/nope.[noNs]
`,
  },
  {
    title: 'YAML that cannot be read',
    folder: '.',
    files: {
      'kustomization.yaml': `resources: [bad.yaml]
`,
      'bad.yaml': `a: [
`,
    },
    text: `error: accumulating resources: accumulating resources from 'bad.yaml': MalformedYAMLError: yaml: line 1: did not find expected node content in File: bad.yaml
`,
  },
  {
    title: 'a deprecated field, which is told and still works',
    folder: '.',
    files: {
      'kustomization.yaml': `bases: [nope]
`,
    },
    text: `# Warning: 'bases' is deprecated. Please use 'resources' instead. Run 'kustomize edit fix' to update your Kustomization automatically.
error: accumulating resources: accumulation err='accumulating resources from 'nope': evalsymlink failure on '/home/learner/FOLDER/nope' : lstat /home/learner/FOLDER/nope: no such file or directory': must build at directory: not a valid directory: evalsymlink failure on '/home/learner/FOLDER/nope' : lstat /home/learner/FOLDER/nope: no such file or directory
`,
  },
]

let lab: Lab

beforeAll(async () => {
  const files = [...builds, ...refusals].flatMap(({ files }, i) =>
    Object.entries(files).map(([path, text]) => [`case${i}/${path}`, text]),
  )
  lab = await Lab.boot({ cluster: referenceCluster, files: Object.fromEntries(files) }, 1)
})

test.each(builds.map((each, i) => ({ ...each, i })))('$title', async ({ i, folder, text }) => {
  expect(await lab.run(`cd ~/case${i} && kubectl kustomize ${folder}`)).toEqual({ stdout: text, stderr: '', status: 0 })
})

test.each(refusals.map((each, i) => ({ ...each, i: i + builds.length })))(
  '$title is refused in the real words',
  async ({ i, folder, text }) => {
    const stderr = text.replaceAll('FOLDER', `case${i}`)
    expect(await lab.run(`cd ~/case${i} && kubectl kustomize ${folder}`)).toEqual({ stdout: '', stderr, status: 1 })
  },
)

test('apply -k creates what a kustomization makes', async () => {
  expect(await lab.run('cd ~/case2 && kubectl apply -k over')).toEqual({
    stdout: 'configmap/conf-dtd4b88ttf created\n',
    stderr: '',
    status: 0,
  })
})

test('bases on other machines are not simulated, and say so', async () => {
  await lab.run('mkdir -p ~/remote && echo "resources: [https://github.com/a/b]" > ~/remote/kustomization.yaml')
  expect(await lab.run('kubectl kustomize ~/remote')).toMatchObject({
    stderr: expect.stringContaining('not simulated here'),
    status: 1,
  })
})
