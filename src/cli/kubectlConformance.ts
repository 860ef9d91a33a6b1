import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Comparison, compareTranscripts } from './canonical.ts'
import { difference } from './conformance/area.ts'
import { sessionsIn } from './conformance/sessions.ts'
import { readFolder } from './content.ts'
import { isWithinReach } from './judges/reach.ts'
import { RealShell } from './judges/realShell.ts'
import { labOfTranscript, linesOf, playStep, recordedSeed, wholeLinesOf } from './play.ts'
import { bootNow } from './serve/bootNow.ts'
import { serveLab } from './serve/service.ts'
import { parseTranscript, type Step, type Transcript } from './transcript.ts'

const usage = `Usage: npm run kubectl-conformance -- --kubectl PATH [--sessions DIR] [--area NAME] [--show N]
Plays recorded sessions with a real kubectl against labs that are served over HTTPS, and prints the share of commands
that are answered alike. Commands that need the lab's own network or nodes run in the lab and are not counted.`

const { values } = parseArgs({
  options: {
    kubectl: { type: 'string' },
    sessions: { type: 'string', default: 'tests/transcripts' },
    area: { type: 'string' },
    show: { type: 'string', default: '3' },
    help: { type: 'boolean', default: false },
  },
})

if (values.help || !values.kubectl) console.log(usage)
else if (!existsSync(values.kubectl)) console.log(`skipped: there is no ${values.kubectl}`)
else await report(values.kubectl)

async function report(kubectl: string): Promise<void> {
  const sum = { passed: 0, total: 0, aside: 0 }
  for (const name of sessionsIn(values.sessions)) {
    if (values.area && name !== values.area && !name.startsWith(`${values.area}/`)) continue
    const recorded = parseTranscript(readFileSync(join(values.sessions, name), 'utf8'))
    const files = recorded.files ? readFolder(join(values.sessions, dirname(name), recorded.files)) : {}
    const results = await compare(recorded, files, kubectl)
    const passed = results.filter(result => result.isEqual).length
    const aside = recorded.steps.filter(step => 'run' in step && step.compare !== 'skip').length - results.length
    sum.passed += passed
    sum.total += results.length
    sum.aside += aside
    console.log(`${name}: ${passed}/${results.length}${aside > 0 ? ` (${aside} set aside)` : ''}`)
    for (const result of results.filter(each => !each.isEqual).slice(0, Number(values.show)))
      console.log(`  $ ${result.run}\n${difference(result.expected.join('\n'), result.actual.join('\n'))}`)
  }
  const share = ((100 * sum.passed) / Math.max(1, sum.total)).toFixed(1)
  console.log(`all ${sum.passed} of ${sum.total}  ${share} %, ${sum.aside} set aside`)
}

async function compare(
  recorded: Transcript,
  files: Readonly<Record<string, string>>,
  kubectl: string,
): Promise<Comparison[]> {
  const lab = await bootNow(labOfTranscript(recorded, files), recordedSeed)
  const served = await serveLab(lab)
  const shell = new RealShell({ kubectl, kubeconfig: served.kubeconfig, url: served.url, files })
  const steps: Step[] = []
  for (const step of recorded.steps)
    if ('run' in step && isWithinReach(step.run)) {
      // Time passes while a command runs, as it did when the session was recorded; between commands it stands still.
      served.pace.start()
      const { stdout, stderr, status } = await shell.run(step.run)
      await served.pace.stop()
      steps.push({ ...step, stdout: linesOf(stdout), stderr: wholeLinesOf(stderr), exit: status })
    } else steps.push(await playStep(step, lab))
  shell.close()
  await served.close()
  const counted = recorded.steps.map(step =>
    'run' in step && !isWithinReach(step.run) ? { ...step, compare: 'skip' as const } : step,
  )
  return compareTranscripts({ ...recorded, steps: counted }, { ...recorded, steps })
}
