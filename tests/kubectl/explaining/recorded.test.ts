import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { referenceCluster } from '../../../src/simulator/cluster/definition.ts'
import { Lab } from '../../../src/simulator/lab.ts'

const place = 'tests/kubectl/explaining/recordings'

/** What a real cluster of the same release printed. The words above the fields are Kubernetes' own and left out. */
function recorded(file: string): string {
  return withoutWords(readFileSync(`${place}/${file}`, 'utf8'))
}

function withoutWords(text: string): string {
  return text.replace(/DESCRIPTION:\n[\s\S]*?\nFIELDS:/, 'FIELDS:').trimEnd()
}

const lab = await Lab.boot({ cluster: referenceCluster, files: {} }, 1)

async function printed(command: string): Promise<string> {
  const { stdout, stderr } = await lab.run(command)
  expect(stderr).toBe('')
  return withoutWords(stdout)
}

const explained = readdirSync(place).filter(file => file.endsWith('.recursive.txt'))

test.each(explained)('%s has the fields and types of the recording', async file => {
  const kind = file.replace('.recursive.txt', '')
  expect(await printed(`kubectl explain ${kind} --recursive`)).toBe(recorded(file))
})

test.each([
  ['kubectl api-resources', 'api-resources.txt'],
  ['kubectl api-resources -o wide', 'api-resources-wide.txt'],
  ['kubectl api-versions', 'api-versions.txt'],
])('%s prints what the recording has', async (command, file) => {
  expect(await printed(command)).toBe(recorded(file))
})

test('a custom kind is explained from its definition', async () => {
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'rockets.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'rockets', kind: 'Rocket', shortNames: ['rk'] },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              description: 'Flies.',
              properties: {
                spec: {
                  type: 'object',
                  required: ['fuel'],
                  properties: { fuel: { type: 'string', description: 'What burns.' }, stages: { type: 'integer' } },
                },
              },
            },
          },
        },
      ],
    },
  }
  const lab = await Lab.boot({ cluster: referenceCluster, files: { 'crd.yaml': JSON.stringify(definition) } }, 1)
  await lab.run('kubectl apply -f crd.yaml')
  expect((await lab.run('kubectl explain rk.spec')).stdout).toBe(`GROUP:      example.com
KIND:       Rocket
VERSION:    v1

FIELD: spec <Object>


DESCRIPTION:
    <empty>
FIELDS:
  fuel\t<string> -required-
    What burns.

  stages\t<integer>
    <no description>


`)
  expect((await lab.run('kubectl get rk')).stderr).toBe('No resources found in default namespace.\n')
})
