import { loadNetworkPlugins } from '../../simulator/cluster/cni/registry.ts'
import { drawGround, drawLab } from './draw.ts'
import type { DrawnLab, Ground } from './drawnLab.ts'
import { type Breach, breachesOf } from './laws.ts'
import type { Network } from './model.ts'
import { replayed } from './replay.ts'
import { Stage } from './stage.ts'

const networkPlugins = await loadNetworkPlugins()

/** A lab in which something did not hold, as small as it could be made. */
export interface Finding {
  readonly breach: Breach
  readonly ground: Ground
  readonly lab: DrawnLab
}

/** Which labs are drawn. */
export interface PropertyOptions {
  readonly seed: number
  readonly labs: number
  /** How many labs are set up on one cluster. */
  readonly labsPerCluster?: number
  /** Only this plugin. */
  readonly plugin?: string | undefined
  readonly proxy?: Ground['proxy'] | undefined
  onLab?(done: number, findings: number): void
  /** Asked after each finding: whether to go on. */
  onFinding?(finding: Finding): boolean
}

/** The networks that labs are drawn for: every plugin that gives pods addresses, each way of crossing nodes. */
export function grounds(plugin?: string): Pick<Ground, 'plugin' | 'backend' | 'proxy'>[] {
  return networkPlugins
    .filter(({ name }) => (plugin === undefined ? name !== 'none' && name !== 'multus' : name === plugin))
    .flatMap(({ name, backends = [undefined], replacesKubeProxy }) =>
      backends.flatMap(backend =>
        (replacesKubeProxy ? (['iptables'] as const) : (['iptables', 'nftables', 'ipvs'] as const)).map(proxy => ({
          plugin: name,
          backend,
          proxy,
        })),
      ),
    )
}

/** One lab is replayed for so many clusters: that takes as long as a hundred others. */
const clustersPerReplay = 10

/** Draws labs, sends their packets and says what did not hold. */
export async function runProperty(options: PropertyOptions): Promise<Finding[]> {
  const { labs, seed, labsPerCluster = 50 } = options
  const kinds = grounds(options.plugin).filter(({ proxy }) => options.proxy === undefined || proxy === options.proxy)
  const findings: Finding[] = []
  let done = 0
  for (let cluster = 0; done < labs; cluster++) {
    const kind = kinds[cluster % kinds.length]!
    const ground = drawGround(seed * 100_000 + cluster, kind)
    const network = networkOf(ground)
    const stage = await Stage.boot(ground)
    for (let at = 0; at < labsPerCluster && done < labs; at++, done++) {
      const lab = drawLab(seed * 1_000_000 + done, ground)
      const breaches = await tryLab(stage, lab, network)
      if (at === 0 && cluster % clustersPerReplay === 0) breaches.push(...(await replayed(ground, lab)))
      if (breaches.length > 0) {
        const small = await shrink(ground, lab, network, breaches[0]!)
        const finding = { breach: small.breach, ground, lab: small.lab }
        findings.push(finding)
        if (options.onFinding?.(finding) === false) return findings
      }
      options.onLab?.(done + 1, findings.length)
    }
  }
  return findings
}

/** What is known of a ground's network. */
export function networkOf({ plugin, proxy }: Ground): Network {
  const { enforcesPolicies = false, replacesKubeProxy = false } = networkPlugins.find(({ name }) => name === plugin)!
  return { enforcesPolicies, proxy: replacesKubeProxy ? 'none' : proxy, passesBeforeServices: plugin === 'weave' }
}

/** Sets a lab up, sends its packets, and gives what did not hold. */
export async function tryLab(stage: Stage, lab: DrawnLab, network: Network): Promise<Breach[]> {
  await stage.set(lab)
  const sent = await stage.send(lab.packets)
  const breaches = breachesOf(stage, lab, network, sent)
  if (!lab.fault) breaches.push(...(await resynced(stage)))
  await stage.clear(lab)
  return breaches
}

/** Tables that are derived a second time are the same. */
async function resynced(stage: Stage): Promise<Breach[]> {
  const before = stage.tables()
  await stage.nudge()
  const after = stage.tables()
  return [...after]
    .filter(([place, text]) => before.get(place) !== text)
    .map(([place, text]) => ({
      law: 'tables derived twice are equal',
      detail: `${place}: ${firstDifference(before.get(place) ?? '', text)}`,
    }))
}

function firstDifference(before: string, after: string): string {
  const [old, now] = [before.split('\n'), after.split('\n')]
  const at = now.findIndex((line, index) => line !== old[index])
  return `${old[at] ?? '(nothing)'} became ${now[at] ?? '(nothing)'}`
}

/** Takes packets, policies, Services and the fault away as long as the same law stays broken, each time on a new cluster. */
export async function shrink(
  ground: Ground,
  lab: DrawnLab,
  network: Network,
  breach: Breach,
): Promise<{ lab: DrawnLab; breach: Breach }> {
  let best = { lab, breach }
  const attempt = async (smaller: DrawnLab): Promise<void> => {
    const again = (await tryLab(await Stage.boot(ground), smaller, network)).find(({ law }) => law === breach.law)
    if (again) best = { lab: smaller, breach: again }
  }
  if (breach.packet !== undefined) await attempt({ ...lab, packets: [lab.packets[breach.packet]!] })
  if (best.lab.fault) await attempt({ ...best.lab, fault: undefined })
  for (const policy of lab.policies)
    await attempt({ ...best.lab, policies: best.lab.policies.filter(each => each !== policy) })
  const asked = new Set(best.lab.packets.flatMap(({ to }) => ('service' in to ? [to.service] : [])))
  for (const service of lab.services)
    if (!asked.has(`${service.namespace}/${service.name}`))
      await attempt({ ...best.lab, services: best.lab.services.filter(each => each !== service) })
  return best
}
