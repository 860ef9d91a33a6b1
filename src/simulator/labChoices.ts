import { networkPlugins } from './cluster/cni/registry.ts'
import { addonNames } from './cluster/definition.ts'
import { type FaultSetting, faultKinds } from './cluster/faults.ts'

/** What a lab.yaml can choose between. */
export interface LabChoices {
  readonly plugins: readonly { readonly name: string; readonly backends: readonly string[] }[]
  readonly proxies: readonly string[]
  /** How many machines at least and at most. */
  readonly nodes: readonly [least: number, most: number]
  readonly addons: readonly string[]
  readonly faults: readonly {
    readonly name: string
    readonly isLocal: boolean
    readonly settings: Readonly<Record<string, FaultSetting>>
  }[]
}

/** Every choice that a lab.yaml has. */
export async function labChoices(): Promise<LabChoices> {
  const plugins: LabChoices['plugins'][number][] = []
  for (const [name, load] of Object.entries(networkPlugins)) {
    const { backends = [] } = await load()
    plugins.push({ name, backends })
  }
  return {
    plugins,
    proxies: ['iptables', 'nftables', 'ipvs'],
    nodes: [2, 5],
    addons: addonNames,
    faults: faultKinds.map(({ name, isLocal, settings }) => ({ name, isLocal, settings })),
  }
}
