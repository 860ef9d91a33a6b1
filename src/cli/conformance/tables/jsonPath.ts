import { parseJsonPath } from '../../../simulator/cluster/api/jsonPath.ts'
import { type Area, answerOf, canonicalJson, compare } from '../area.ts'

interface Row {
  readonly suite: string
  readonly name: string
  readonly template: string
  readonly input: number
  readonly expect: string
  readonly expectError: boolean
  readonly actualError?: string
  readonly actual?: string
  readonly unorderedWords?: boolean
  readonly allowMissingKeys?: boolean
}

const file = 'kubectl/tables/jsonpath.json'

/** Templates of `-o jsonpath` on objects: client-go's own tests. */
export const jsonPath: Area = {
  name: 'tables/jsonpath',
  needs: [file],
  *cases(corpora) {
    const { inputs, cases } = corpora.json<{ inputs: unknown[]; cases: Row[] }>(file)
    for (const row of cases)
      yield { name: `${row.suite}/${row.name} ${row.template}`, run: () => compareRow(row, inputs[row.input]) }
  },
}

function compareRow(row: Row, input: unknown): string | undefined {
  const answer = answerOf(() => parseJsonPath(row.template, row.allowMissingKeys === true).format(input))
  // These suites ask Go structs, whose order of fields and types of maps are lost in the JSON form of the input.
  const isStruct = row.suite === 'TestTypesInput' || row.suite === 'TestStructInput'
  const plain = (text: string) => (isStruct || row.unorderedWords ? withoutOrder(text) : text)
  if (row.expectError)
    return compare(
      { error: row.actualError?.replace(/map\[string\]int\b(?!erface)/, 'map[string]interface {}') },
      answer,
    )
  const expected = { value: plain(row.actual ?? row.expect) }
  return compare(expected, 'value' in answer ? { value: plain(answer.value) } : answer)
}

/** Words in alphabetical order, and so the fields of objects. */
function withoutOrder(text: string): string {
  const canonical = text.replace(/\{"[^{}]*\}/g, object => canonicalJson(JSON.parse(object)))
  return canonical
    .split(/(?<=[{}])|(?=[{}])| /)
    .sort()
    .join(' ')
}
