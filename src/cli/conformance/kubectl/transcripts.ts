import { Lab } from '../../../simulator/lab.ts'
import { readLabSettings } from '../../../simulator/labDefinition.ts'
import { Canonicalizer } from '../../canonical.ts'
import { type Area, type Case, difference, type Outcome } from '../area.ts'
import type { Corpora } from '../corpora.ts'
import { inTodaysWords, withoutPlace } from './transcriptReleases.ts'

const folder = 'kubectl/transcripts'
const manifests = 'scenarios/kiamol-ch03/manifests'

interface Scenario {
  readonly scenario: string
  readonly steps: readonly Step[]
}

interface Step {
  readonly cmd: string
  readonly rc: number
  readonly stdout: string
  readonly stderr: string
  /** Why the answer says nothing about kubectl. */
  readonly skip?: string
}

/** Sessions of kubectl 1.36.4 with a server of release 1.20 and nodes on which every pod runs at once. */
export const newClientTranscripts: Area = transcripts('transcripts/kubectl-1.36', 'kubectl-1.36.4.json')

/** The same sessions with kubectl 1.20.2. */
export const oldClientTranscripts: Area = transcripts('transcripts/kubectl-1.20', 'kubectl-1.20.2.json')

function transcripts(name: string, file: string): Area {
  const path = `${folder}/${file}`
  return {
    name,
    needs: [path],
    async *cases(corpora) {
      for (const scenario of corpora.json<Scenario[]>(path)) yield* casesOf(scenario, corpora)
    },
  }
}

/** Steps build on each other: each is played when its case is run, and in order. */
async function* casesOf({ scenario, steps }: Scenario, corpora: Corpora): AsyncGenerator<Case> {
  const lab = await Lab.boot({ cluster: readLabSettings({}), files: filesFor(corpora) }, 1)
  const forms = [new Canonicalizer(), new Canonicalizer()] as const
  for (const [index, step] of steps.entries())
    yield {
      name: `${scenario} ${index + 1}: ${step.cmd.split('\n')[0]}`,
      async run() {
        const { stdout, stderr, status } = await lab.run(step.cmd)
        await lab.settle()
        // The recorded nodes let pods go at once.
        if (/\b(delete|scale|undo|restart)\b/.test(step.cmd)) await lab.advance(40_000)
        return judge(step, { cmd: step.cmd, rc: status, stdout, stderr }, forms)
      },
    }
}

function judge(
  step: Step,
  actual: Step,
  [recordedForms, playedForms]: readonly [Canonicalizer, Canonicalizer],
): Outcome {
  const wanted = textOf(step, recordedForms)
  const got = textOf(actual, playedForms)
  if (step.skip !== undefined) return { unanswered: step.skip }
  if (plain(wanted) === plain(got)) return undefined
  const { text, release, unanswered } = inTodaysWords(step.cmd, wanted, got)
  if (unanswered !== undefined) return { unanswered }
  if (text !== undefined && release !== undefined && plain(text) === plain(got)) return { release }
  return difference(wanted, got)
}

/** An answer in canonical form, with its streams and status marked. */
function textOf({ rc, stdout, stderr }: Step, forms: Canonicalizer): string {
  const lines = (text: string) => text.trimEnd().split('\n')
  return [
    ...lines(stdout).map(line => forms.line(line)),
    ...lines(stderr)
      .filter(line => line !== '')
      .map(line => `! ${forms.line(line)}`),
    `? ${rc}`,
  ].join('\n')
}

/** Lines in any order, placeholders without their numbers: which pod comes first is chance. */
function plain(text: string): string {
  return withoutPlace(text)
    .replace(/<(suffix|hash|pod-ip|service-ip|node-port|uid)-\d+>/g, '<$1>')
    .replace(/^\n(?=!|\?)/gm, '')
    .split('\n')
    .map(line => line.trimEnd())
    .filter(line => line !== '')
    .sort()
    .join('\n')
}

function filesFor(corpora: Corpora): Record<string, string> {
  if (!corpora.has(manifests)) return {}
  return Object.fromEntries(corpora.files(manifests).map(path => [path, corpora.text(`${manifests}/${path}`)]))
}
