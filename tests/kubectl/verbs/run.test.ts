import { beforeEach, expect, test } from 'vitest'
import { referenceCluster } from '#simulator/cluster/definition.ts'
import { Lab } from '#simulator/lab.ts'

let lab: Lab

beforeEach(async () => {
  lab = await Lab.boot({ cluster: referenceCluster, files: {} }, 1)
})

test('a throw-away pod shows its output and is removed', async () => {
  const ran = await lab.run('kubectl run tmp --rm -i --restart=Never --image=busybox:1.36 -- echo hello')
  expect(ran.stdout).toMatch(/^(hello\n)+pod "tmp" deleted from default namespace\n$/)
  expect(ran.status).toBe(0)
  expect(await lab.run('kubectl get pod tmp')).toMatchObject({ status: 1 })
})

test('the exit status of the container is the one of kubectl', async () => {
  const ran = await lab.run('kubectl run tmp --rm -i --restart=Never --image=busybox:1.36 -- sh -c "exit 4"')
  expect(ran.stderr).toContain('pod default/tmp terminated (Error)')
  expect(ran.status).toBe(4)
})

test('a reader that leaves early gets the first lines, and the pod is removed all the same', async () => {
  const command = 'kubectl run tmp --rm -i --restart=Never --image=busybox:1.36 -- seq 1 300 | head -2'
  expect(await lab.run(command)).toMatchObject({ stdout: '1\n2\n' })
})

test('--expose makes a Service once the pod is there', async () => {
  expect(await lab.run('kubectl run web --image=nginx:1.27 --port=80 --expose')).toEqual({
    stdout: 'service/web created\npod/web created\n',
    stderr: '',
    status: 0,
  })
  expect(await lab.run('kubectl run web --image=nginx:1.27 --port=80 --expose')).toMatchObject({
    stdout: '',
    stderr: 'Error from server (AlreadyExists): pods "web" already exists\n',
  })
})

test.each([
  ['run', 'error: required flag(s) "image" not set\n'],
  ['run x --image=Y', 'error: Invalid image name "Y": repository name must be lowercase\n'],
  ['run --image=y', "error: NAME is required for run\nSee 'kubectl run -h' for help and examples\n"],
  [
    'run x --image=y --rm',
    "error: --rm should only be used for attached containers\nSee 'kubectl run -h' for help and examples\n",
  ],
  ['run x --image=y --restart=Foo', "error: invalid restart policy: Foo\nSee 'kubectl run -h' for help and examples\n"],
])('kubectl %s is refused', async (words, stderr) => {
  expect(await lab.run(`kubectl ${words}`)).toMatchObject({ stdout: '', stderr, status: 1 })
})
