import { expect, test } from 'vitest'
import { Lab } from '#simulator/lab.ts'
import { LabDefinitionError, readLabDefinition } from '#simulator/labDefinition.ts'
import { chosenValues, filledIn } from '#simulator/labParameters.ts'

const yaml = `parameters:
  name: [red, blue, green]
  port: [8080, 8081]
start:
  - kubectl label pod {{name}} door={{port}}
`
const manifest = `apiVersion: v1
kind: Pod
metadata: {name: "{{name}}"}
spec:
  containers: [{name: web, image: "nginx:1.27"}]
`
const definition = readLabDefinition(yaml, { 'note.txt': 'ask {{name}} on {{port}}, not {{other}}\n' }, 'lab.yaml', {
  'pod.yaml': manifest,
})

test('the same seed chooses the same, and others choose others', () => {
  const { parameters = {} } = definition
  expect(chosenValues(parameters, 5)).toEqual(chosenValues(parameters, 5))
  const names = Array.from({ length: 30 }, (_, seed) => chosenValues(parameters, seed)['name'])
  expect(new Set(names)).toEqual(new Set(['red', 'blue', 'green']))
})

test('only the places of known names are filled', () => {
  expect(filledIn('{{a}} {{b}} {{.items}} ${a} {a}', { a: '1' })).toBe('1 {{b}} {{.items}} ${a} {a}')
})

test('a learner finds what the start has brought about, and none of its traces', async () => {
  const lab = await Lab.boot(definition, 3)
  const { name, port } = lab.parameters
  expect((await lab.run('cat note.txt')).stdout).toBe(`ask ${name} on ${port}, not {{other}}\n`)
  expect((await lab.run('kubectl get pods --no-headers -L door')).stdout).toMatch(
    new RegExp(`^${name} +1/1 +Running .* ${port}\\n$`),
  )
  expect((await lab.run('ls /tmp')).stdout).toBe('')
  expect(lab.world().parameters).toEqual({ name, port })
  expect(lab.world().requests).toEqual([])
})

test('a replay begins with the same start', async () => {
  const lab = await Lab.boot(definition, 4)
  await lab.run('kubectl get pods')
  const copy = await Lab.replay(definition, 4, lab.log, { until: lab.now })
  expect(copy.stateHash()).toBe(lab.stateHash())
})

test('what the start cannot do is the fault of its author', async () => {
  const broken = readLabDefinition('start: ["kubectl get pod nobody"]\n')
  await expect(Lab.boot(broken, 1)).rejects.toThrow('start: kubectl get pod nobody: Error from server (NotFound)')
})

test.each([
  ['start: kubectl get pods\n', 'start must be a list of commands'],
  ['parameters: [red]\n', 'settings with names expected'],
  ['parameters: {name: red}\n', 'parameters.name must be a list of two values or more'],
  ['parameters: {name: [red]}\n', 'parameters.name must be a list of two values or more'],
])('%s is refused', (text, message) => {
  expect(() => readLabDefinition(text)).toThrow(LabDefinitionError)
  expect(() => readLabDefinition(text)).toThrow(message)
})
