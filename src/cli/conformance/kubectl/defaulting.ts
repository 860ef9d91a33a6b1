import { Lab } from '../../../simulator/lab.ts'
import { readLabSettings } from '../../../simulator/labDefinition.ts'
import { type Area, compare, type Outcome } from '../area.ts'
import { inTodaysTerms, withoutChance } from './defaultingReleases.ts'

const file = 'kubectl/defaulting/server-1.20.2-dry-run.ndjson'

/** A manifest and what a server of release 1.20 made of it in a dry run. */
export interface DefaultingRow {
  readonly file: string
  readonly doc: number
  readonly input: Record<string, unknown>
  readonly rc: number
  readonly defaulted?: Record<string, unknown>
  readonly error?: string
}

/** Manifests as the server completes them, or refuses them. */
export const defaulting: Area = {
  name: 'defaulting',
  needs: [file],
  async *cases(corpora) {
    const lab = await Lab.boot({ cluster: readLabSettings({}), files: {} }, 1)
    for (const row of corpora.lines<DefaultingRow>(file))
      yield { name: `${row.file} ${row.doc}`, run: () => compareRow(row, lab) }
  },
}

async function compareRow(row: DefaultingRow, lab: Lab): Promise<Outcome> {
  lab.saveFile('manifest.json', JSON.stringify(row.input))
  const { stdout, stderr, status } = await lab.run('kubectl create --dry-run=server -o json -f - < manifest.json')
  const said = status === 0 ? { object: JSON.parse(stdout) } : { error: withoutWarnings(stderr) }
  const actual = withoutChance(said, row)
  const expected = withoutChance(row.rc === 0 ? { object: row.defaulted! } : { error: row.error!.trim() }, row)
  const plain = compare(expected, actual)
  if (plain === undefined) return undefined
  const { today, release } = inTodaysTerms(row, expected, actual)
  if (today === undefined || !release) return plain
  return compare(today, actual) ?? { release }
}

function withoutWarnings(text: string): string {
  return text.replace(/^Warning: .*\n/gm, '').trim()
}
