import type { NetworkPlugin } from '../../../simulator/cluster/cni/plugin.ts'
import { loadNetworkPlugins } from '../../../simulator/cluster/cni/registry.ts'
import { Lab } from '../../../simulator/lab.ts'
import { readLabSettings } from '../../../simulator/labDefinition.ts'
import type { Area, Outcome } from '../area.ts'
import type { Corpora } from '../corpora.ts'

const networkPlugins = await loadNetworkPlugins()

const file = 'netpol/ahmetb-recipes/scenarios.json'

interface Step {
  readonly kind: string
  readonly where?: 'host' | 'pod'
  readonly cmd?: string
  readonly yaml?: string
  readonly expect?: 'allowed' | 'blocked' | 'dns-fails'
}

interface Scenario {
  readonly id: string
  readonly steps: readonly Step[]
}

/** The recipes of a well-known collection, command by command, for each pod network that enforces policies. */
export const recipeAreas: readonly Area[] = networkPlugins
  .filter(({ enforcesPolicies }) => enforcesPolicies)
  .map(plugin => ({
    name: `netpol/recipes/${plugin.name}`,
    needs: [file],
    cases: (corpora: Corpora) =>
      corpora.json<Scenario[]>(file).map(scenario => ({ name: scenario.id, run: () => play(scenario, plugin) })),
  }))

async function play({ steps }: Scenario, plugin: NetworkPlugin): Promise<Outcome> {
  if (steps.some(({ cmd }) => cmd?.startsWith('gcloud '))) return { unanswered: 'commands of a cloud' }
  const lab = await Lab.boot({ cluster: readLabSettings({ cni: plugin.name }), files: {} }, 1)
  const wrong: string[] = []
  let inside = ''
  for (const [index, { kind, where, cmd, yaml, expect }] of steps.entries()) {
    if (kind === 'manifest') lab.saveFile(fileOf(steps.slice(index)), yaml!)
    if (cmd === undefined) continue
    if (where === 'pod') {
      const { status, stdout, stderr } = await lab.run(inside.replace('-- sh', () => `--restart=Never -- ${cmd}`))
      if (expect !== undefined && (expect === 'allowed') !== (status === 0))
        wrong.push(`    ! ${cmd} should be ${expect}: ${stdout.slice(0, 60)} ${stderr.slice(0, 120)}`)
    } else if (cmd.endsWith('-- sh')) inside = cmd.replace(' -t ', ' ')
    else {
      const { status, stderr } = await lab.run(cmd)
      // A recipe may take away what an earlier one has left.
      if (status !== 0 && !cmd.startsWith('kubectl delete ')) wrong.push(`    ! ${cmd}: ${stderr.trim()}`)
    }
    await lab.settle()
  }
  return wrong.length === 0 ? undefined : wrong.join('\n')
}

/** The name under which a manifest is applied next. */
function fileOf(steps: readonly Step[]): string {
  for (const { cmd } of steps) {
    const name = /^kubectl apply -f (\S+)/.exec(cmd ?? '')?.[1]
    if (name) return name
  }
  return 'policy.yaml'
}
