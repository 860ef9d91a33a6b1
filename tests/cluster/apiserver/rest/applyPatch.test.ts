import { expect, test } from 'vitest'
import type { Status } from '../../../../src/simulator/cluster/api/status.ts'
import type { Deployment } from '../../../../src/simulator/cluster/kinds/deployment.ts'
import { deploymentNamed, TestServer } from '../testServer.ts'

const path = '/apis/apps/v1/namespaces/default/deployments/web'

interface Managed {
  readonly manager: string
  readonly operation: string
  readonly fieldsV1: Record<string, Record<string, unknown>>
}

function apply(server: TestServer, fieldManager: string, object: unknown, force = false) {
  return server.patch(path, object, 'apply-patch+yaml', { fieldManager, ...(force && { force: 'true' }) })
}

const replicas = (count: number) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { replicas: count },
})
const web = () => ({ ...deploymentNamed('web'), spec: { ...deploymentNamed('web').spec, replicas: 1 } })
const specOf = (answer: { body?: unknown }) => (answer.body as Deployment).spec
const managed = (answer: { body?: unknown }) => (answer.body as Deployment).metadata.managedFields as Managed[]

test('applying makes an object and notes exactly what was applied', () => {
  const [share] = managed(apply(new TestServer(), 'me', web()))
  expect(share).toMatchObject({ manager: 'me', operation: 'Apply' })
  expect(Object.keys(share!.fieldsV1['f:spec']!)).toEqual(['f:replicas', 'f:selector', 'f:template'])
})

test('only the apply that makes the object answers that it was created', () => {
  const server = new TestServer()
  expect([apply(server, 'me', web()).status, apply(server, 'me', web()).status]).toEqual([201, 200])
})

test('what another manager owns is a conflict until it is forced', () => {
  const server = new TestServer()
  apply(server, 'me', web())
  const refused = apply(server, 'you', replicas(3))
  expect(refused.body).toMatchObject({
    code: 409,
    reason: 'Conflict',
    message: 'Apply failed with 1 conflict: conflict with "me": .spec.replicas',
    details: { causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "me"', field: '.spec.replicas' }] },
  })
  expect(specOf(apply(server, 'you', replicas(3), true)).replicas).toBe(3)
  expect((apply(server, 'me', web()).body as Status).message).toContain('conflict with "you": .spec.replicas')
})

test('an equal value is shared without a conflict', () => {
  const server = new TestServer()
  apply(server, 'me', web())
  expect(managed(apply(server, 'you', replicas(1))).map(({ manager }) => manager)).toEqual(['me', 'you'])
})

test('what is no longer applied goes, unless someone else wants it', () => {
  const server = new TestServer()
  const withVariable = web()
  Object.assign(withVariable.spec.template.spec.containers[0]!, { env: [{ name: 'A', value: '1' }] })
  apply(server, 'me', withVariable)
  apply(server, 'you', replicas(1))
  const { replicas: _, ...spec } = web().spec
  const changed = specOf(apply(server, 'me', { ...web(), spec }))
  expect(changed.template.spec!.containers[0]).not.toHaveProperty('env')
  expect(changed.replicas).toBe(1)
})

test('ordinary writes own what they change', () => {
  const server = new TestServer()
  apply(server, 'me', web())
  const answer = server.patch(path, { spec: { replicas: 5 } }, 'merge-patch+json', { fieldManager: 'scaler' })
  expect(managed(answer).map(({ manager, operation }) => `${manager} ${operation}`)).toEqual([
    'me Apply',
    'scaler Update',
  ])
  expect(managed(answer)[1]!.fieldsV1).toEqual({ 'f:spec': { 'f:replicas': {} } })
  expect((apply(server, 'me', web()).body as Status).message).toBe(
    'Apply failed with 1 conflict: conflict with "scaler" using apps/v1: .spec.replicas',
  )
})

test('applying needs the name of a manager', () => {
  const server = new TestServer()
  const answer = server.patch(path, web(), 'apply-patch+yaml')
  expect((answer.body as Status).message).toBe(
    'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
  )
})
