import { formatFieldSelector, parseFieldSelector } from '../../../simulator/cluster/api/fieldSelector.ts'
import { type Area, answerOf, compare } from '../area.ts'

const file = 'kubectl/tables/field-selectors.json'

/** Selectors as `--field-selector` takes them. */
export const fieldSelectors: Area = {
  name: 'tables/field-selectors',
  needs: [file],
  *cases(corpora) {
    for (const row of corpora.json<{ input: string; error?: string; string?: string }[]>(file))
      yield {
        name: JSON.stringify(row.input),
        run: () =>
          compare(
            row.error === undefined ? { value: row.string } : { error: row.error },
            answerOf(() => formatFieldSelector(parseFieldSelector(row.input))),
          ),
      }
  },
}
