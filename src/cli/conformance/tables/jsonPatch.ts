import { jsonPatch as apply, type Operation } from '../../../simulator/cluster/api/jsonPatch.ts'
import { type Area, answerOf, compare } from '../area.ts'

const files = ['kubectl/tables/json-patch-spec_tests.json', 'kubectl/tables/json-patch-tests.json']

interface Row {
  readonly comment?: string
  readonly doc: unknown
  readonly patch: readonly Operation[]
  readonly expected?: unknown
  readonly error?: string
  readonly disabled?: boolean
}

/** RFC 6902: what a patch makes of a document, or that it is refused. The words of refusals are not part of the suite. */
export const jsonPatch: Area = {
  name: 'tables/json-patch',
  needs: files,
  *cases(corpora) {
    for (const file of files)
      for (const row of corpora.json<Row[]>(file)) {
        if (row.disabled || (row.expected === undefined && row.error === undefined)) continue
        yield { name: row.comment ?? JSON.stringify(row.patch), run: () => compareRow(row) }
      }
  },
}

function compareRow({ doc, patch, expected, error }: Row): string | undefined {
  const answer = answerOf(() => apply(doc, patch))
  if (error === undefined) return compare({ value: expected }, answer)
  return 'error' in answer ? undefined : compare({ error }, answer)
}
