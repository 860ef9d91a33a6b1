import { readFileSync } from 'node:fs'
import { loadAll } from 'js-yaml'
import { expect, test } from 'vitest'
import { kinds } from '../../../src/simulator/cluster/kinds/registry.ts'
import { TestServer } from './testServer.ts'

interface Sample {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string }
}

type Path = readonly (string | number)[]

const samples = loadAll(readFileSync('tests/cluster/apiserver/samples.yaml', 'utf8')) as Sample[]

/** What may stand where something else is expected. */
const wrongs: readonly unknown[] = [undefined, null, '', 'x', 0, -1, true, [], [null], {}, { x: null }]

/** Every place of a value, the innermost last. */
function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const inner = Object.entries(value).flatMap(([key, part]) =>
    pathsIn(part, [...path, Array.isArray(value) ? Number(key) : key]),
  )
  return path.length === 0 ? inner : [path, ...inner]
}

function withValue(sample: Sample, path: Path, value: unknown): Sample {
  const copy = structuredClone(sample)
  let parent = copy as unknown as Record<string | number, unknown>
  for (const key of path.slice(0, -1)) parent = parent[key] as Record<string | number, unknown>
  const last = path.at(-1)!
  parent[last] = value
  return JSON.parse(JSON.stringify(copy)) as Sample
}

function collectionOf({ apiVersion, kind }: Sample): string {
  const found = kinds.find(
    each => each.kind === kind && (each.group ? `${each.group}/${each.version}` : each.version) === apiVersion,
  )!
  const root = found.group ? `/apis/${apiVersion}` : `/api/${apiVersion}`
  return `${root}${found.namespaced ? '/namespaces/default' : ''}/${found.plural}`
}

test.each(samples.map(sample => [sample.kind, sample] as const))(
  'a %s with any field absent or of another kind is taken or refused',
  { timeout: 60_000 },
  (_, sample) => {
    const server = new TestServer()
    const path = collectionOf(sample)
    const object = `${path}/${sample.metadata.name}`
    expect(server.body('POST', path, { body: sample })).toMatchObject({ kind: sample.kind })
    for (const place of pathsIn(sample)) {
      for (const wrong of wrongs) {
        const damaged = withValue(sample, place, wrong)
        const what = `${place.join('.')} = ${JSON.stringify(wrong)}`
        const named = { ...damaged, metadata: { ...damaged.metadata, name: 'other' } }
        const created = server.request('POST', path, {
          body: place[0] === 'metadata' ? damaged : named,
          query: { dryRun: 'All' },
        })
        expect(created.status, `created with ${what}: ${JSON.stringify(created.body)}`).toBeLessThan(500)
        const replaced = server.request('PUT', object, { body: damaged, query: { dryRun: 'All' } })
        expect(replaced.status, `replaced with ${what}: ${JSON.stringify(replaced.body)}`).toBeLessThan(500)
      }
    }
  },
)
