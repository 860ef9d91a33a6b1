import type { Area, Case, Outcome } from '../area.ts'
import type { Corpora } from '../corpora.ts'
import { PolicyLab, type PolicyPod, type Probe, type ServedPort, type Stage } from './policyLab.ts'

interface Row extends Stage {
  readonly name: string
  readonly expected?: readonly (Probe & { readonly allowed: boolean; readonly loopback?: boolean })[]
  /** `table["TCP/80"]["x/a"]` is a line over `podOrder`: `.` allowed, `X` blocked. */
  readonly table?: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly podOrder?: readonly string[]
  readonly containers?: readonly ServedPort[]
  /** The pairs that may not, in place of all pairs. */
  readonly blocked?: readonly BlockedPair[]
  readonly probes?: readonly { readonly port: number; readonly protocol: string }[]
}

type BlockedPair = Probe | readonly [from: string, to: string, port: number, protocol: string] | string

/** The policies of Kubernetes' own end-to-end tests, with the pods of each. */
export const officialPolicies: Area = policies('netpol/k8s-e2e', 'netpol/k8s-e2e-netpol/cases.ndjson')

/** The same on nine pods. */
export const officialPoliciesOnNine: Area = policies('netpol/k8s-e2e-3x3', 'netpol/k8s-e2e-netpol/cases-3x3.ndjson')

/** The matrices of cyclonus, one policy or one change after the other. */
export const cyclonus: Area = policies('netpol/cyclonus', 'netpol/cyclonus/cases.compact.ndjson')

/** Policies made by chance. */
export const chancePolicies: Area = policies('netpol/fuzz', 'netpol/fuzz-cyclonus-oracle/cases.compact.ndjson')

function policies(name: string, file: string): Area {
  return {
    name,
    needs: [file],
    cases: corpora => casesOf(corpora, file),
  }
}

async function* casesOf(corpora: Corpora, file: string): AsyncGenerator<Case> {
  const lab = await PolicyLab.boot()
  for (const row of corpora.lines<Row>(file)) yield { name: row.name, run: () => compareRow(row, lab) }
}

async function compareRow(row: Row, lab: PolicyLab): Promise<Outcome> {
  if (!(await lab.enforcesPolicies())) return '    ! no pod network of the lab enforces NetworkPolicies'
  if (row.policies.some(policy => /cidr:? *"?'?10\.244\./i.test(policy)))
    return { unanswered: 'the policy names addresses of pods, which are the lab’s own' }
  const expected = verdictsOf(row)
  if (expected === undefined) return { unanswered: 'pairs in a form that is not known' }
  const pods = row.pods.filter(({ namespace }) => namespace !== '').map(pod => withPorts(pod, row.containers))
  await lab.set({ ...row, pods })
  const wrong: string[] = []
  for (const { allowed, ...probe } of expected) {
    if (probe.protocol === 'SCTP' || probe.from === probe.to) continue
    if ((await lab.isReachable(probe)) === allowed) continue
    wrong.push(
      `    ! ${probe.from} → ${probe.to} ${probe.protocol}/${probe.port} should be ${allowed ? 'allowed' : 'blocked'}`,
    )
  }
  return wrong.length === 0 ? undefined : wrong.slice(0, 5).join('\n')
}

function withPorts(pod: PolicyPod, containers: readonly ServedPort[] | undefined): PolicyPod {
  return containers ? { ...pod, containers } : pod
}

/** Every pair of a case with whether it is allowed. */
function verdictsOf({ expected, table, podOrder = [], blocked, probes, pods }: Row) {
  if (expected) return expected.filter(({ loopback }) => !loopback)
  if (table)
    return Object.entries(table).flatMap(([key, rows]) => {
      const [protocol = '', port = ''] = key.split('/')
      return Object.entries(rows).flatMap(([from, line]) =>
        podOrder.map((to, index) => ({ from, to, port: Number(port), protocol, allowed: line[index] === '.' })),
      )
    })
  if (!blocked || !probes || !blocked.every(pair => typeof pair === 'object' && 'from' in pair)) return undefined
  const refused = new Set((blocked as readonly Probe[]).map(keyOf))
  const names = pods.filter(({ namespace }) => namespace !== '').map(({ namespace, name }) => `${namespace}/${name}`)
  return names.flatMap(from =>
    names.flatMap(to =>
      probes.map(({ port, protocol }) => {
        const probe = { from, to, port, protocol }
        return { ...probe, allowed: !refused.has(keyOf(probe)) }
      }),
    ),
  )
}

function keyOf({ from, to, port, protocol }: Probe): string {
  return `${from} ${to} ${protocol}/${port}`
}
