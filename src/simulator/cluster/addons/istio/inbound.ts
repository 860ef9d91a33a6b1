import { matchesSelector } from '../../api/selector.ts'
import type { Pod } from '../../kinds/pod.ts'
import type { AccessPolicy, AccessRule, InboundSettings, Strictness } from '../mesh/settings.ts'
import type { MeshRegistry } from './meshRegistry.ts'
import { protocolOf } from './portProtocol.ts'
import type { AuthorizationPolicy, PeerAuthentication } from './rules.ts'

const rootNamespace = 'istio-system'

/** How the proxy of a pod is to treat the connections that come to it. */
export function inboundOf(pod: Pod, registry: MeshRegistry): InboundSettings {
  const { strictness, ofPort } = strictnessOf(pod, registry.peerAuthentications)
  const ports: Record<string, InboundSettings['ports'][string]> = {}
  const labels = pod.metadata.labels ?? {}
  for (const { service, host } of registry.services) {
    const { selector } = service.spec
    if (service.metadata.namespace !== pod.metadata.namespace || !selector || Object.keys(selector).length === 0)
      continue
    if (!Object.entries(selector).every(([key, value]) => labels[key] === value)) continue
    for (const port of service.spec.ports ?? []) {
      const target = String(portOf(pod, port.targetPort ?? port.port))
      const own = ofPort(target)
      ports[target] ??= {
        protocol: protocolOf(port),
        service: `${host}:${port.port}`,
        ...(own && { strictness: own }),
      }
    }
  }
  return { strictness, ports, policies: policiesFor(pod, registry.authorizationPolicies) }
}

function portOf(pod: Pod, target: string | number): number {
  if (typeof target === 'number') return target
  const named = pod.spec.containers.flatMap(({ ports = [] }) => ports).find(({ name }) => name === target)
  return named?.containerPort ?? Number(target)
}

/** The narrowest word counts: of the pod, of its namespace, of the mesh. */
function strictnessOf(pod: Pod, all: readonly PeerAuthentication[]) {
  const { namespace, labels = {} } = pod.metadata
  const selected = (each: PeerAuthentication) => {
    const wanted = each.spec?.selector?.matchLabels
    return wanted && Object.entries(wanted).every(([key, value]) => labels[key] === value)
  }
  const own = all.find(each => each.metadata.namespace === namespace && selected(each))
  const wide = [namespace, rootNamespace].map(home =>
    all.find(each => each.metadata.namespace === home && !each.spec?.selector?.matchLabels),
  )
  const modes = [own, ...wide].map(each => modeOf(each?.spec?.mtls?.mode))
  const strictness = modes.find(mode => mode !== undefined) ?? 'PERMISSIVE'
  return { strictness, ofPort: (port: string) => modeOf(own?.spec?.portLevelMtls?.[port]?.mode) }
}

function modeOf(mode: string | undefined): Strictness | undefined {
  return mode === 'STRICT' || mode === 'PERMISSIVE' || mode === 'DISABLE' ? mode : undefined
}

function policiesFor(pod: Pod, all: readonly AuthorizationPolicy[]): AccessPolicy[] {
  const { namespace, labels } = pod.metadata
  return all
    .filter(({ metadata, spec }) => {
      if (metadata.namespace !== namespace && metadata.namespace !== rootNamespace) return false
      return !spec?.selector || matchesSelector(spec.selector, labels)
    })
    .map(({ metadata, spec }) => ({
      name: `ns[${metadata.namespace}]-policy[${metadata.name}]`,
      action: spec?.action === 'DENY' ? 'DENY' : 'ALLOW',
      rules: (spec?.rules ?? []).flatMap(rulesOf),
    }))
}

type PolicyRule = NonNullable<NonNullable<AuthorizationPolicy['spec']>['rules']>[number]

// Simplified: conditions (`when`), JWT principals and IP blocks are not simulated here; a rule with one of them never
// holds, which allows less and denies less than Istio would.
function rulesOf({ from, to, when }: PolicyRule): AccessRule[] {
  if (when && when.length > 0) return []
  const sources = from?.map(({ source = {} }) => source) ?? [{}]
  const operations = to?.map(({ operation = {} }) => operation) ?? [{}]
  return sources.flatMap(source => operations.flatMap(operation => ruleOf(source, operation)))
}

const sourceFields: Readonly<Record<string, keyof AccessRule>> = {
  principals: 'identities',
  notPrincipals: 'notIdentities',
  namespaces: 'namespaces',
  notNamespaces: 'notNamespaces',
}

const operationFields: Readonly<Record<string, keyof AccessRule>> = {
  methods: 'methods',
  notMethods: 'notMethods',
  paths: 'paths',
  notPaths: 'notPaths',
  hosts: 'hosts',
  ports: 'ports',
}

function ruleOf(
  source: Readonly<Record<string, readonly string[]>>,
  operation: Readonly<Record<string, readonly string[]>>,
): AccessRule[] {
  const rule: Record<string, readonly string[]> = {}
  for (const [fields, given] of [
    [sourceFields, source],
    [operationFields, operation],
  ] as const)
    for (const [name, values] of Object.entries(given)) {
      const field = fields[name]
      if (!field) return []
      rule[field] = values
    }
  return [rule]
}
