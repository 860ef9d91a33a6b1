import type { Datapath } from '../datapath.ts'
import { type Backend, type Frontend, nameOf } from '../serviceMap.ts'
import type { DbgCommand } from './command.ts'
import { tabulate } from './tabulate.ts'

/** Services with what is behind them, as the agent knows them. */
export const serviceList: DbgCommand = {
  words: ['service list'],
  summary: 'List services',
  async run({ process, datapath }) {
    const rows = [['ID', 'Frontend', 'Service Type', 'Backend']]
    for (const frontend of datapath.services.frontends) {
      const { id, kind, protocol } = frontend
      const backends = backendsOf(frontend).map(
        (backend, index) => `${index + 1} => ${nameOf(backend)}/${protocol.toUpperCase()} (${backend.state})`,
      )
      const name = kind === 'ExternalIPs' ? 'ExternalIPs' : kind
      rows.push([String(id), `${nameOf(frontend)}/${protocol.toUpperCase()}`, name, backends[0] ?? ''])
      for (const backend of backends.slice(1)) rows.push(['', '', '', backend])
    }
    await process.write(tabulate(rows))
    return 0
  },
}

/** The same as the kernel's maps have it. */
export const lbList: DbgCommand = {
  words: ['bpf lb list'],
  summary: 'List load-balancing configuration',
  async run({ process, datapath }) {
    const rows = [['SERVICE ADDRESS', 'BACKEND ADDRESS (REVNAT_ID) (SLOT)']]
    for (const frontend of sorted(datapath)) {
      const protocol = frontend.protocol.toUpperCase()
      const service = `${nameOf(frontend)}/${protocol}`
      rows.push([`${service} (0)`, `0.0.0.0:0 (${frontend.id}) (0) [${flagsOf(frontend).join(', ')}]`])
      for (const [index, backend] of backendsOf(frontend).entries())
        rows.push([`${service} (${index + 1})`, `${nameOf(backend)}/${protocol} (${frontend.id}) (${index + 1})`])
    }
    await process.write(tabulate(rows))
    return 0
  },
}

function sorted({ services }: Datapath): Frontend[] {
  return services.frontends.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
}

/** What a list shows: the choice for the clients that the address is for. */
function backendsOf({ kind, backends, outsideBackends }: Frontend): readonly Backend[] {
  return kind === 'ClusterIP' ? backends : outsideBackends
}

function flagsOf({
  kind,
  address,
  affinitySeconds,
  isExternalLocal,
  isInternalLocal,
  sourceRanges,
}: Frontend): string[] {
  const flags: string[] = [kind]
  if (isExternalLocal && kind !== 'ClusterIP') flags.push('Local')
  if (isInternalLocal && kind === 'ClusterIP') flags.push('InternalLocal')
  if (isExternalLocal && kind !== 'ClusterIP') flags.push('two-scopes')
  if (affinitySeconds !== undefined) flags.push('sessionAffinity')
  if (sourceRanges) flags.push('check source-range')
  if (kind === 'ClusterIP' || address === 0) flags.push('non-routable')
  return flags
}
