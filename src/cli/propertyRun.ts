import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { DrawnLab, Ground } from './property/drawnLab.ts'
import { networkOf, runProperty, tryLab } from './property/run.ts'
import { Stage } from './property/stage.ts'

const usage = `Usage: node src/cli/propertyRun.ts [--labs N] [--seed N] [--cni NAME] [--proxy MODE] [--stop N]
       node src/cli/propertyRun.ts --lab FILE
Draws labs by chance (pod network, nodes, pods, Services, policies, faults), sends packets through them, and checks
what must hold of every packet. Prints each lab in which something does not, as small as it could be made.
--stop ends the run after so many such labs (default 5). FILE holds such a lab as it was printed, to be tried again.`

const { values } = parseArgs({
  options: {
    labs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    cni: { type: 'string' },
    proxy: { type: 'string' },
    stop: { type: 'string', default: '5' },
    lab: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) {
  console.log(usage)
  process.exit(0)
}

if (values.lab !== undefined) {
  const { ground, lab } = JSON.parse(readFileSync(values.lab, 'utf8')) as { ground: Ground; lab: DrawnLab }
  const breaches = await tryLab(await Stage.boot(ground), lab, networkOf(ground))
  for (const { law, detail } of breaches) console.log(`${law}: ${detail}`)
  process.exit(breaches.length > 0 ? 1 : 0)
}

const began = process.cpuUsage()
let count = 0
const findings = await runProperty({
  labs: Number(values.labs),
  seed: Number(values.seed),
  plugin: values.cni,
  proxy: values.proxy as 'iptables' | 'nftables' | 'ipvs' | undefined,
  onLab(done, found) {
    if (done % 100 === 0) console.log(`${done} labs, ${found} with a difference`)
  },
  onFinding({ breach, ground, lab }) {
    console.log(`\n${breach.law}: ${breach.detail}`)
    console.log(JSON.stringify({ ground, lab }))
    return ++count < Number(values.stop)
  },
})
const { user, system } = process.cpuUsage(began)
console.log(`${findings.length} differences, ${Math.round((user + system) / 1000)} ms of CPU`)
process.exit(findings.length > 0 ? 1 : 0)
