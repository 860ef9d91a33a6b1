import { spawn } from 'node:child_process'
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readLabDefinition } from '../simulator/labDefinition.ts'
import { bootNow } from './serve/bootNow.ts'
import { serveLab } from './serve/service.ts'

const usage = `Usage: npm run e2e -- --binary PATH --focus REGEXP [--focus REGEXP …] [--skip REGEXP …] [--kubectl PATH]
                   [--lab LAB.yaml | --cni PLUGIN] [--speed N] [--out DIR] [--json]
Runs specs of Kubernetes' own end-to-end suite (the program e2e.test) against a lab and prints how many pass.
--speed N makes the lab's clock run N times as fast as the suite's own.`

const { values } = parseArgs({
  options: {
    binary: { type: 'string' },
    kubectl: { type: 'string' },
    focus: { type: 'string', multiple: true, default: [] },
    skip: { type: 'string', multiple: true, default: [] },
    lab: { type: 'string' },
    cni: { type: 'string' },
    speed: { type: 'string', default: '1' },
    out: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

/** A spec as the suite's report tells of it; times are nanoseconds. */
interface SpecReport {
  readonly ContainerHierarchyTexts: readonly string[] | null
  readonly LeafNodeText: string
  readonly LeafNodeType: string
  readonly State: string
  readonly RunTime: number
  readonly Failure?: { readonly Message?: string }
}

interface Outcome {
  readonly name: string
  readonly group: string
  readonly isPassed: boolean
  readonly seconds: number
  readonly reason: string
}

if (values.help || !values.binary || values.focus.length === 0) console.log(usage)
else if (!existsSync(values.binary)) {
  console.error(`e2e: there is no ${values.binary}`)
  process.exitCode = 2
} else report(await run(values.binary))

async function run(binary: string): Promise<Outcome[]> {
  const folder = resolve(values.out ?? mkdtempSync(join(tmpdir(), 'kubehop-e2e-')))
  mkdirSync(folder, { recursive: true })
  const lab = await bootNow(
    readLabDefinition(values.lab ? readFileSync(values.lab, 'utf8') : cniSetting(values.cni)),
    1,
  )
  const bugs = createWriteStream(join(folder, 'bugs.log'))
  const served = await serveLab(lab, {
    speed: Number(values.speed),
    onBug: error => bugs.write(`${error instanceof Error ? error.stack : error}\n`),
  })
  const kubeconfig = join(folder, 'kubeconfig')
  writeFileSync(kubeconfig, served.kubeconfig, { mode: 0o600 })
  served.pace.start()
  const results = join(folder, 'report.json')
  const log = createWriteStream(join(folder, 'e2e.log'))
  console.error(`The suite's own words go to ${join(folder, 'e2e.log')}`)
  const child = spawn(
    resolve(binary),
    [
      '--provider=skeleton',
      '--kube-api-content-type=application/json',
      '--disable-log-dump',
      `--kubeconfig=${kubeconfig}`,
      `--report-dir=${folder}`,
      ...(values.kubectl ? [`--kubectl-path=${resolve(values.kubectl)}`] : []),
      '--ginkgo.no-color',
      '--ginkgo.timeout=24h',
      `--ginkgo.json-report=${results}`,
      ...values.focus.map(text => `--ginkgo.focus=${text}`),
      ...values.skip.map(text => `--ginkgo.skip=${text}`),
    ],
    { cwd: folder, env: { ...process.env, KUBECONFIG: kubeconfig }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  child.stdout.pipe(log)
  child.stderr.pipe(log)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.kill('SIGINT'))
  await new Promise(done => child.on('close', done))
  await served.close()
  if (!existsSync(results)) throw new Error(`the suite did not run: see ${join(folder, 'e2e.log')}`)
  const suites = JSON.parse(readFileSync(results, 'utf8')) as { SpecReports: SpecReport[] }[]
  return suites.flatMap(suite => suite.SpecReports).flatMap(outcomesOf)
}

/** A lab.yaml that names a pod network and nothing else. */
function cniSetting(plugin: string | undefined): string {
  return plugin === undefined ? '' : `cni: ${plugin}\n`
}

function outcomesOf(spec: SpecReport): Outcome[] {
  const wasRun = !['skipped', 'pending'].includes(spec.State)
  const isSpec = spec.LeafNodeType === 'It'
  // What is done before and after all specs counts only when it fails.
  if (!wasRun || (!isSpec && spec.State === 'passed')) return []
  const name = [...(spec.ContainerHierarchyTexts ?? []), isSpec ? spec.LeafNodeText : spec.LeafNodeType].join(' ')
  return [
    {
      name,
      group: /\[(sig-[\w-]+)\]/.exec(name)?.[1] ?? 'suite',
      isPassed: spec.State === 'passed',
      seconds: spec.RunTime / 1e9,
      reason: (spec.Failure?.Message ?? spec.State).trim().split('\n', 3).join(' ').slice(0, 300),
    },
  ]
}

function report(outcomes: readonly Outcome[]): void {
  if (values.json) return console.log(JSON.stringify(outcomes))
  for (const { isPassed, name, reason, seconds } of outcomes)
    if (!isPassed) console.log(`✗ ${name} (${seconds.toFixed(0)} s)\n    ${reason}`)
  for (const group of new Set(outcomes.map(outcome => outcome.group))) {
    const specs = outcomes.filter(outcome => outcome.group === group)
    console.log(`${group.padEnd(20)} ${specs.filter(spec => spec.isPassed).length} of ${specs.length}`)
  }
  if (outcomes.length === 0) console.log('no spec matches')
  if (outcomes.some(outcome => !outcome.isPassed)) process.exitCode = 1
}
