import type { LabelSelector } from 'kubernetes-types/meta/v1'
import {
  formatRequirements,
  formatSelector,
  matchesRequirements,
  matchesSelector,
  parseSelector,
} from '../../../simulator/cluster/api/selector.ts'
import { type Area, answerOf, compare } from '../area.ts'

interface Match {
  readonly labels: Readonly<Record<string, string>>
  readonly matches: boolean
}

const file = 'kubectl/tables/label-selectors.json'

/** Selectors as `-l` takes them, on many sets of labels: one case for the reading, one for each set. */
export const labelSelectors: Area = {
  name: 'tables/label-selectors',
  needs: [file],
  *cases(corpora) {
    interface Row {
      readonly input: string
      readonly error?: string
      readonly string?: string
      readonly empty?: boolean
      readonly matches?: readonly Match[]
    }
    for (const row of corpora.json<Row[]>(file)) {
      const name = JSON.stringify(row.input)
      const read = () => answerOf(() => formatRequirements(parseSelector(row.input)))
      yield { name, run: () => compare(row.error === undefined ? { value: row.string } : { error: row.error }, read()) }
      for (const { labels, matches } of row.matches ?? [])
        yield {
          name: `${name} on ${JSON.stringify(labels)}`,
          run: () => compare(matches, matchesRequirements(parseSelector(row.input), labels)),
        }
    }
  },
}

const structuredFile = 'kubectl/tables/structured-label-selectors.json'

/** Selectors as they stand in objects. */
export const structuredSelectors: Area = {
  name: 'tables/structured-selectors',
  needs: [structuredFile],
  *cases(corpora) {
    interface Row {
      readonly selector: LabelSelector
      readonly error?: string
      readonly string?: string
      readonly formatted: string
      readonly matches?: readonly Match[]
    }
    for (const row of corpora.json<Row[]>(structuredFile)) {
      const name = JSON.stringify(row.selector)
      // A selector that the API server refuses is never written out or asked for.
      if (row.error !== undefined) continue
      yield { name, run: () => compare(row.formatted, formatSelector(row.selector)) }
      for (const { labels, matches } of row.matches ?? [])
        yield {
          name: `${name} on ${JSON.stringify(labels)}`,
          run: () => compare(matches, matchesSelector(row.selector, labels)),
        }
    }
  },
}
