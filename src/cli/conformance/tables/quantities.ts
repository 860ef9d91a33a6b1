import { Quantity } from '../../../simulator/cluster/api/quantity.ts'
import { type Area, answerOf, compare } from '../area.ts'

const file = 'kubectl/tables/quantities.json'
const compareFile = 'kubectl/tables/quantity-compare.json'

interface Row {
  readonly input: string
  readonly error?: string
  readonly canonical?: string
  readonly value?: number
  readonly milliValue?: number
  readonly isZero?: boolean
}

/** Amounts of resources: their spelling, and where both sides can count that far their value. */
export const quantities: Area = {
  name: 'tables/quantities',
  needs: [file],
  *cases(corpora) {
    for (const row of corpora.json<Row[]>(file)) yield { name: JSON.stringify(row.input), run: () => compareRow(row) }
  },
}

function compareRow(row: Row): string | undefined {
  const answer = answerOf(() => Quantity.parse(row.input))
  if (row.error !== undefined || 'error' in answer)
    return compare({ error: row.error }, 'error' in answer ? answer : { value: String(answer.value) })
  const quantity = answer.value
  const expected: Record<string, unknown> = { canonical: row.canonical, isZero: row.isZero }
  const actual: Record<string, unknown> = { canonical: String(quantity), isZero: quantity.isZero }
  // Upstream's 64 bits overflow, and JSON numbers lose digits: huge amounts are told by their spelling alone.
  if (Math.abs(quantity.toNumber()) < Number.MAX_SAFE_INTEGER / 1000) {
    Object.assign(expected, { value: row.value, milliValue: row.milliValue })
    Object.assign(actual, { value: quantity.toInteger(), milliValue: quantity.toThousandths() })
  }
  return compare(expected, actual)
}

/** Pairs of amounts: which is more. */
export const quantityComparisons: Area = {
  name: 'tables/quantity-compare',
  needs: [compareFile],
  *cases(corpora) {
    for (const { a, b, cmp } of corpora.json<{ a: string; b: string; cmp: number }[]>(compareFile))
      yield { name: `${a} and ${b}`, run: () => compare(cmp, Quantity.parse(a).compare(Quantity.parse(b))) }
  },
}
