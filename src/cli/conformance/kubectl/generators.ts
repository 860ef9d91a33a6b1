import { parseYaml } from '../../../simulator/kubectl/yaml/parser.ts'
import { Lab } from '../../../simulator/lab.ts'
import { readLabSettings } from '../../../simulator/labDefinition.ts'
import { type Area, answerOf, compare, difference, type Outcome } from '../area.ts'
import type { Corpora } from '../corpora.ts'

const file = 'kubectl/generators/kubectl-1.36.4-dry-run.json'

interface Row {
  readonly argv: readonly string[]
  readonly rc: number
  readonly stdout: string
  readonly stderr: string
}

/** What `create` and `run` make without sending it: the same objects, or the same refusal. */
export const generators: Area = {
  name: 'generators',
  needs: [file],
  cases: corpora => casesOf(corpora, compareMeaning),
}

/** The same, to the letter. */
export const generatedBytes: Area = {
  name: 'generators/bytes',
  needs: [file],
  cases: corpora => casesOf(corpora, compareText),
}

type Answer = Pick<Row, 'stdout' | 'stderr' | 'rc'>

async function* casesOf(corpora: Corpora, judge: (expected: Answer, actual: Answer) => Outcome) {
  const lab = await Lab.boot({ cluster: readLabSettings({}), files: {} }, 1)
  for (const row of corpora.json<Row[]>(file)) {
    const line = row.argv.map(quote).join(' ')
    yield {
      name: line,
      async run() {
        const { stdout, stderr, status } = await lab.run(line)
        return judge(row, { stdout, stderr, rc: status })
      },
    }
  }
}

const noLongerServed = 'PodSecurityPolicies went with release 1.25'

function compareMeaning(expected: Answer, actual: Answer): Outcome {
  if (isGone(actual)) return { release: noLongerServed }
  const read = ({ stdout, stderr, rc }: Answer) => ({
    rc,
    stderr: stderr.trim(),
    documents: withoutChance(stdout)
      .split(/^---$/m)
      .map(text => answerOf(() => parseYaml(text))),
  })
  return compare(read(expected), read(actual))
}

function compareText(expected: Answer, actual: Answer): Outcome {
  if (isGone(actual)) return { release: noLongerServed }
  // The recorded stderr has lost the end of its last line.
  const whole = ({ stdout, stderr, rc }: Answer) => `${withoutChance(stdout)}${stderr.trimEnd()}\nexit ${rc}`
  return whole(expected) === whole(actual) ? undefined : difference(whole(expected), whole(actual))
}

/** The cluster behind the recorded kubectl was of release 1.20. */
function isGone({ stderr }: Answer): boolean {
  return stderr.includes(`the server doesn't have a resource type "podsecuritypolicies" in group "policy"`)
}

/** An image whose name makes no name for a container gets one with five random letters. */
function withoutChance(text: string): string {
  return text.replace(/^( +(?:- )?name: [\w-]+-)[bcdfghjklmnpqrstvwxz2456789]{5}$/gm, '$1<suffix>')
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
