import { Lab } from '../../../simulator/lab.ts'
import { readLabSettings } from '../../../simulator/labDefinition.ts'
import { Canonicalizer } from '../../canonical.ts'
import { type Area, type Case, difference, type Outcome } from '../area.ts'
import type { Corpora } from '../corpora.ts'

const folder = 'scenarios/kiamol-ch03'
const file = `${folder}/transcript.json`

interface Step {
  readonly cmd: string
  readonly recorded?: readonly { readonly source: string; readonly output: string }[]
}

/** The exercises of a book's chapter on Services, as two learners' clusters answered them. */
export const kiamol: Area = {
  name: 'scenarios/kiamol-ch03',
  needs: [file],
  cases: casesOf,
}

async function* casesOf(corpora: Corpora): AsyncGenerator<Case> {
  const manifests = `${folder}/manifests`
  const paths = corpora.has(manifests) ? corpora.files(manifests) : []
  const files = Object.fromEntries(paths.map(path => [`ch03/${path}`, corpora.text(`${manifests}/${path}`)]))
  const lab = await Lab.boot({ cluster: readLabSettings({}), files }, 1)
  const { sections } = corpora.json<{ sections: readonly { section: string; steps: readonly Step[] }[] }>(file)
  for (const { section, steps } of sections)
    for (const step of steps) {
      // What the learners did in a browser or with keys.
      if (/^(?:https?:|ctrl-)/.test(step.cmd)) continue
      yield {
        name: `${section} ${step.cmd}`,
        async run() {
          const { stdout, stderr, status } = await lab.run(
            / port-forward |--watch| -w\b/.test(step.cmd) ? `timeout 2 ${step.cmd}` : step.cmd,
          )
          await lab.settle()
          return judge(step, stdout, stderr, status)
        },
      }
    }
}

/** Their clusters differ from the lab's and from each other: what they agree in must be alike. */
function judge({ recorded = [] }: Step, stdout: string, stderr: string, status: number): Outcome {
  if (status === 127 || /is not simulated here/.test(stderr)) return `    ! ${stderr}`
  const fixed = recorded.filter(({ output }) =>
    /^(?:\S+ (?:created|configured|unchanged|condition met|deleted)\n?)+$/.test(output),
  )
  if (fixed.length === 0) return { unanswered: 'the answer tells of the learner’s own cluster' }
  const plain = (text: string) =>
    new Canonicalizer()
      .line(text.trim().replaceAll('\n', ' ⏎ '))
      .replace(/<(\w+)-\d+>/g, '<$1>')
      .replaceAll(' from default namespace', '')
  const answers = fixed.map(({ output }) => plain(output))
  return answers.includes(plain(stdout)) ? undefined : difference(answers[0]!, plain(stdout + stderr))
}
