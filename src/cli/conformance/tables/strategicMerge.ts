import type { MergeSchema, Merging } from '../../../simulator/cluster/api/merging.ts'
import { threeWayPatch, twoWayPatch } from '../../../simulator/cluster/api/strategicDiff.ts'
import { strategicMerge as merge } from '../../../simulator/cluster/api/strategicMerge.ts'
import { type Area, answerOf, type Case, compare } from '../area.ts'

const file = 'kubectl/tables/strategic-merge-patch.json'

interface Row {
  readonly suite: string
  readonly description: string
  readonly original?: unknown
  readonly modified?: unknown
  readonly current?: unknown
  readonly twoWay?: unknown
  readonly threeWay?: unknown
  readonly result?: unknown
  readonly twoWayResult?: unknown
  readonly expectedError?: string
}

/** The type of the documents in the suite, by the words in which its file describes each field. */
function schemaOf(fields: Readonly<Record<string, string>>): MergeSchema {
  return {
    field(_, name): Merging {
      const words = fields[name] ?? ''
      return {
        // `merge` alone stands for a list of pointers to items, which have names too.
        mergeKey: /\bkey (\w+)/.exec(words)?.[1] ?? (words === 'merge' ? 'name' : undefined),
        isSet: words.includes('primitives'),
        retainsKeys: words.includes('retainKeys'),
        isReplaced: words.includes('patchStrategy replace'),
        struct: words.startsWith('map[') ? undefined : 'Item',
      }
    },
  }
}

/** Patches between two and three states of a document, and what becomes of a document under them. */
export const strategicMerge: Area = {
  name: 'tables/strategic-merge-patch',
  needs: [file],
  *cases(corpora) {
    const { typeOfTestObject, cases, rawCases } = corpora.json<{
      typeOfTestObject: Record<string, string>
      cases: Row[]
      rawCases: Row[]
    }>(file)
    const schema = schemaOf(typeOfTestObject)
    for (const row of [...cases, ...rawCases]) yield* casesOf(row, schema)
  },
}

function* casesOf(row: Row, schema: MergeSchema): Generator<Case> {
  const { original = {}, modified = {}, current = {} } = row
  const name = (what: string) => `${row.suite}/${row.description}: ${what}`
  const check = (what: string, expected: unknown, call: () => unknown): Case => ({
    name: name(what),
    run: () => compare({ value: expected }, answerOf(call)),
  })
  const checkPatch = (what: string, expected: unknown, call: () => unknown): Case =>
    check(what, inOrder(expected, schema), () => inOrder(call(), schema))
  // Patches that people write by hand: upstream only applies them (TestCustomStrategicMergePatch).
  const isCustom = row.suite.startsWith('custom')
  if (row.expectedError !== undefined) {
    yield {
      name: name('refusal'),
      run: () => {
        const answer = answerOf(() =>
          isCustom
            ? merge(original, row.twoWay, 'Item', schema)
            : threeWayPatch(original, modified, current, 'Item', schema),
        )
        const isRefused = 'error' in answer && answer.error.includes(row.expectedError!)
        return isRefused ? undefined : compare({ error: row.expectedError }, answer)
      },
    }
    return
  }
  if (row.twoWay !== undefined) {
    if (!isCustom) yield checkPatch('two-way patch', row.twoWay, () => twoWayPatch(original, modified, 'Item', schema))
    yield check('two-way result', row.twoWayResult ?? modified, () => merge(original, row.twoWay, 'Item', schema))
  }
  if (row.threeWay !== undefined) {
    yield checkPatch('three-way patch', row.threeWay, () => threeWayPatch(original, modified, current, 'Item', schema))
    yield check('three-way result', row.result, () => merge(current, row.threeWay, 'Item', schema))
  }
}

/** A patch with the items of its merged lists in the order of their keys, which says nothing (sortMergeListsByName). */
function inOrder(value: unknown, schema: MergeSchema, name = ''): unknown {
  if (Array.isArray(value)) {
    const items = value.map(item => inOrder(item, schema))
    const { mergeKey } = schema.field(undefined, name)
    const keyOf = (item: unknown) => String((item as Record<string, unknown>)[mergeKey!])
    return mergeKey === undefined ? items : items.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  }
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, inOrder(each, schema, key)]))
}
