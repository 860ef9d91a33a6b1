import type { NetworkPlugin } from '../../../simulator/cluster/cni/plugin.ts'
import { loadNetworkPlugins } from '../../../simulator/cluster/cni/registry.ts'
import type { Area, Case, Outcome } from '../area.ts'
import type { Corpora } from '../corpora.ts'
import { podsOf, type Row, type Verdict, verdictsOf } from './policyCase.ts'
import { PolicyCluster } from './policyCluster.ts'

const networkPlugins = await loadNetworkPlugins()

const corpora: readonly (readonly [name: string, file: string])[] = [
  /** The policies of Kubernetes' own end-to-end tests, with the pods of each. */
  ['netpol/k8s-e2e', 'netpol/k8s-e2e-netpol/cases.ndjson'],
  /** The same on nine pods. */
  ['netpol/k8s-e2e-3x3', 'netpol/k8s-e2e-netpol/cases-3x3.ndjson'],
  /** The matrices of cyclonus, one policy or one change after the other. */
  ['netpol/cyclonus', 'netpol/cyclonus/cases.compact.ndjson'],
  /** Policies made by chance. */
  ['netpol/fuzz', 'netpol/fuzz-cyclonus-oracle/cases.compact.ndjson'],
]

/** How many cases pass until questions are asked once more by a command in a pod, which takes much longer. */
const crossCheckEvery = 25

/** Verdicts on pairs of pods, for each pod network that enforces policies; a row of the corpora is a case. */
export const policyAreas: readonly Area[] = networkPlugins
  .filter(({ enforcesPolicies }) => enforcesPolicies)
  .flatMap(plugin =>
    corpora.map(([name, file]) => ({
      name: `${name}/${plugin.name}`,
      needs: [file],
      cases: (from: Corpora) => casesOf(from, file, plugin),
    })),
  )

async function* casesOf(from: Corpora, file: string, plugin: NetworkPlugin): AsyncGenerator<Case> {
  const cluster = await PolicyCluster.boot(plugin)
  let before: Row | undefined
  for (const [index, row] of from.lines<Row>(file).entries()) {
    const previous = before
    yield { name: row.name, run: () => compareRow(row, previous, cluster, index % crossCheckEvery === 0) }
    before = row
  }
}

async function compareRow(
  row: Row,
  before: Row | undefined,
  cluster: PolicyCluster,
  isCrossChecked: boolean,
): Promise<Outcome> {
  const verdicts = verdictsOf(row)
  if (verdicts.length === 0) return { unanswered: 'pairs in a form that is not known' }
  const pods = podsOf(row)
  if (goesOn(row, before)) await cluster.act(row.sequence!.actions ?? [], pods)
  const changes = await cluster.set({ ...row, pods })
  if (goesOn(row, before) && changes > 0)
    return `    ! its actions do not lead to what it describes: ${changes} changes more`
  const wrong = await cluster.probe(verdicts)
  const slow = isCrossChecked ? await crossCheck(cluster, verdicts) : []
  const texts = [...wrong.map(each => textOf(each)), ...slow.map(each => `${textOf(each)}, asked by agnhost`)]
  return texts.length === 0 ? undefined : texts.slice(0, 5).join('\n')
}

/** Whether a row goes on where the one before has ended. */
function goesOn({ sequence }: Row, before: Row | undefined): boolean {
  if (!sequence?.actions || !before?.sequence) return false
  return sequence.case === before.sequence.case && sequence.step === before.sequence.step + 1
}

/** One allowed and one forbidden pair of every protocol, asked the slow way. */
async function crossCheck(cluster: PolicyCluster, verdicts: readonly Verdict[]): Promise<Verdict[]> {
  const wrong: Verdict[] = []
  for (const protocol of ['TCP', 'UDP', 'SCTP'])
    for (const allowed of [true, false]) {
      const found = verdicts.find(
        each => each.protocol === protocol && each.allowed === allowed && !each.from.startsWith('ext/'),
      )
      if (found && (await cluster.exec(found)) !== allowed) wrong.push(found)
    }
  return wrong
}

function textOf({ from, to, port, protocol, allowed }: Verdict): string {
  return `    ! ${from} → ${to} ${protocol}/${port} should be ${allowed ? 'allowed' : 'blocked'}`
}
