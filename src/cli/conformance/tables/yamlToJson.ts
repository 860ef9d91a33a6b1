import { parseYaml } from '../../../simulator/kubectl/yaml/parser.ts'
import { type Area, answerOf, compare } from '../area.ts'

const file = 'kubectl/tables/yaml-to-json.json'

/** What kubectl makes of YAML: `y` is true, `010` is 8, and what it says to mistakes. */
export const yamlToJson: Area = {
  name: 'tables/yaml-to-json',
  needs: [file],
  *cases(corpora) {
    for (const row of corpora.json<{ yaml: string; json?: unknown; error?: string }[]>(file))
      yield {
        name: JSON.stringify(row.yaml),
        run: () =>
          compare(
            row.error === undefined ? { value: row.json } : { error: row.error },
            answerOf(() => parseYaml(row.yaml) ?? null),
          ),
      }
  },
}
