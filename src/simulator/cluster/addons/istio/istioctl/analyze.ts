import type { Process } from '../../../../machine/program.ts'
import { namespace as namespaceKind } from '../../../kinds/namespace.ts'
import { pod } from '../../../kinds/pod.ts'
import type { AddonParts } from '../../optional.ts'
import { type MeshRegistry, readRegistry } from '../meshRegistry.ts'
import type { RouteDestination } from '../rules.ts'

interface Finding {
  readonly level: 'Error' | 'Warning' | 'Info'
  readonly code: string
  readonly subject: string
  readonly text: string
}

// Simplified: five of the analyzers: IST0101, IST0102, IST0103, IST0118 and IST0130.
/** `istioctl analyze`: what in the rules of a namespace can't mean what somebody wanted. */
export async function analyze(
  process: Process,
  parts: AddonParts,
  namespace: string,
  words: readonly string[],
): Promise<number> {
  const isAll = words.includes('-A') || words.includes('--all-namespaces')
  const unknown = words.find(word => word !== '-A' && word !== '--all-namespaces')
  if (unknown !== undefined) {
    await process.stderr.write(`Error: analyze ${unknown} is not simulated here\n`)
    return 1
  }
  const client = parts.clientOf('istio-system:istiod')
  const registry = readRegistry(client)
  const isMeant = (home: string | undefined) => isAll || home === namespace
  const findings = [
    ...client
      .list(namespaceKind)
      .filter(({ metadata }) => isMeant(metadata.name) && !/^(kube-|istio-system)/.test(metadata.name))
      .flatMap(({ metadata }): Finding[] => {
        const { name, labels = {} } = metadata
        if (labels['istio-injection'] !== undefined || labels['istio.io/rev'] !== undefined) return []
        const text = `The namespace is not enabled for Istio injection. Run 'kubectl label namespace ${name} istio-injection=enabled' to enable it, or 'kubectl label namespace ${name} istio-injection=disabled' to explicitly mark it as not needing injection.`
        return [{ level: 'Info', code: 'IST0102', subject: `Namespace ${name}`, text }]
      }),
    ...podFindings(parts, isMeant),
    ...ruleFindings(registry, isMeant),
    ...portFindings(registry, isMeant),
  ]
  if (findings.length === 0) {
    const where = isAll ? 'all namespaces' : `namespace: ${namespace}`
    await process.stderr.write(`\n✔ No validation issues found when analyzing ${where}.\n`)
    return 0
  }
  const lines = findings.map(({ level, code, subject, text }) => `${level} [${code}] (${subject}) ${text}\n`)
  await process.write(lines.join(''))
  if (!findings.some(({ level }) => level === 'Error')) return 0
  const where = isAll ? 'all namespaces' : `namespace: ${namespace}`
  await process.stderr.write(
    `Error: Analyzers found issues when analyzing ${where}.\nSee https://istio.io/v1.27/docs/reference/config/analysis for more information about causes and resolutions.\n`,
  )
  return 79
}

function podFindings(parts: AddonParts, isMeant: (home: string | undefined) => boolean): Finding[] {
  const client = parts.clientOf('istio-system:istiod')
  return client.list(pod).flatMap(({ metadata, spec }): Finding[] => {
    const home = client.get(namespaceKind, metadata.namespace ?? '')
    if (!isMeant(metadata.namespace) || home?.metadata.labels?.['istio-injection'] !== 'enabled') return []
    const word = metadata.labels?.['sidecar.istio.io/inject'] ?? metadata.annotations?.['sidecar.istio.io/inject']
    if (
      word === 'false' ||
      [...spec.containers, ...(spec.initContainers ?? [])].some(({ name }) => name === 'istio-proxy')
    )
      return []
    const subject = `Pod ${metadata.namespace}/${metadata.name}`
    const text = `The pod ${metadata.namespace}/${metadata.name} is missing the Istio proxy. This can often be resolved by restarting or redeploying the workload.`
    return [{ level: 'Warning', code: 'IST0103', subject, text }]
  })
}

function ruleFindings(registry: MeshRegistry, isMeant: (home: string | undefined) => boolean): Finding[] {
  const full = (host: string, home = 'default') => (host.includes('.') ? host : `${host}.${home}.svc.cluster.local`)
  const hosts = new Set([
    ...registry.services.map(({ host }) => host),
    ...registry.serviceEntries.flatMap(({ spec }) => spec.hosts),
  ])
  return registry.virtualServices.flatMap(({ metadata, spec }): Finding[] => {
    if (!isMeant(metadata.namespace)) return []
    const subject = `VirtualService ${metadata.namespace}/${metadata.name}`
    const error = (text: string): Finding => ({ level: 'Error', code: 'IST0101', subject, text })
    const rules = spec.http ?? []
    const findings = rules.flatMap(({ route = [] }) =>
      route.flatMap(({ destination }: RouteDestination) => {
        const host = full(destination.host, metadata.namespace)
        if (!hosts.has(host)) return [error(`Referenced host not found: ${JSON.stringify(destination.host)}`)]
        if (destination.subset === undefined) return []
        const isThere = registry.destinationRules.some(
          each =>
            full(each.spec.host, each.metadata.namespace) === host &&
            each.spec.subsets?.some(({ name }) => name === destination.subset),
        )
        const name = JSON.stringify(`${destination.host}+${destination.subset}`)
        return isThere ? [] : [error(`Referenced host+subset in destinationrule not found: ${name}`)]
      }),
    )
    const catchAll = rules.findIndex(({ match }) => !match || match.length === 0)
    if (catchAll >= 0 && catchAll < rules.length - 1) {
      const text = `VirtualService rule #${catchAll + 1} not used (only the last rule can have no matches).`
      findings.push({ level: 'Warning', code: 'IST0130', subject, text })
    }
    return findings
  })
}

function portFindings({ services }: MeshRegistry, isMeant: (home: string | undefined) => boolean): Finding[] {
  return services.flatMap(({ service: { metadata, spec } }) => {
    if (!isMeant(metadata.namespace) || /^(kube-|istio-system)/.test(metadata.namespace ?? '')) return []
    if (metadata.name === 'kubernetes') return []
    return (spec.ports ?? []).flatMap(({ name, port, targetPort, appProtocol, protocol }): Finding[] => {
      if (
        appProtocol ||
        protocol === 'UDP' ||
        /^(http|http2|grpc|grpc-web|tcp|https|tls|mongo|mysql|redis)(-|$)/.test(name ?? '')
      )
        return []
      const subject = `Service ${metadata.namespace}/${metadata.name}`
      const text = `Port name ${name ?? ''} (port: ${port}, targetPort: ${targetPort ?? port}) doesn't follow the naming convention of Istio port.`
      return [{ level: 'Info', code: 'IST0118', subject, text }]
    })
  })
}
