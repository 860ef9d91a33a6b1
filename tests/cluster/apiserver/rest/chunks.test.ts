import { expect, test } from 'vitest'
import { podNamed, TestServer } from '../testServer.ts'

const pods = '/api/v1/namespaces/default/pods'

interface List {
  readonly metadata: {
    readonly continue?: string
    readonly remainingItemCount?: number
    readonly resourceVersion: string
  }
  readonly items: readonly { readonly metadata: { readonly name: string } }[]
}

function withPods(): TestServer {
  const server = new TestServer()
  for (const name of ['a', 'b', 'c', 'd', 'e']) server.request('POST', pods, { body: podNamed(name) })
  return server
}

const names = ({ items }: List) => items.map(({ metadata }) => metadata.name).join('')

test('a long list comes in parts, each of which says how to go on', () => {
  const server = withPods()
  const first = server.body<List>('GET', pods, { query: { limit: '2' } })
  expect([names(first), first.metadata.remainingItemCount]).toEqual(['ab', 3])
  server.request('DELETE', `${pods}/a`)
  const rest = server.body<List>('GET', pods, { query: { limit: '9', continue: first.metadata.continue! } })
  expect([names(rest), rest.metadata.remainingItemCount, rest.metadata.continue]).toEqual(['cde', undefined, undefined])
  expect(rest.metadata.resourceVersion).toBe(first.metadata.resourceVersion)
})

test('how many are left is not told of a selection', () => {
  const { metadata } = withPods().body<List>('GET', pods, { query: { limit: '2', labelSelector: '!x' } })
  expect(metadata.continue).toBeDefined()
  expect(metadata.remainingItemCount).toBeUndefined()
})

test('a token grows too old, and the refusal brings another that goes on regardless', () => {
  const server = withPods()
  const { metadata } = server.body<List>('GET', pods, { query: { limit: '2' } })
  server.clock.advance(301_000)
  const refused = server.request('GET', pods, { query: { limit: '2', continue: metadata.continue! } })
  expect(refused.status).toBe(410)
  const { metadata: more, reason } = refused.body as { metadata: { continue: string }; reason: string }
  expect(reason).toBe('Expired')
  expect(names(server.body<List>('GET', pods, { query: { limit: '2', continue: more.continue } }))).toBe('cd')
})

test('a token that nobody gave is refused', () => {
  expect(withPods().refusal('GET', pods, { query: { continue: 'x' } })).toBe(
    'continue key is not valid: incorrect encoded token',
  )
})
