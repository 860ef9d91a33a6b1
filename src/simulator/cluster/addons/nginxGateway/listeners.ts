import { type Certificate, decodeCertificates, decodePem } from '../../../machine/certificate.ts'
import { fromBase64 } from '../../api/base64.ts'
import type { Client } from '../../client.ts'
import { secret } from '../../kinds/secret.ts'
import { isPermitted } from './grants.ts'
import { type Condition, type Gateway, gatewayGroup, type Listener, type ReferenceGrant } from './types.ts'

/** A listener with what is to be said of it. */
export interface ListenerState {
  readonly listener: Listener
  readonly gateway: Gateway
  readonly isValid: boolean
  readonly conditions: readonly Condition[]
  readonly certificates: readonly Certificate[] | undefined
  readonly supportedKinds: readonly { readonly group: string; readonly kind: string }[]
  attachedRoutes: number
}

const usualKinds = ['HTTPRoute', 'GRPCRoute'].map(kind => ({ group: gatewayGroup, kind }))

const fine: readonly Condition[] = [
  { type: 'Accepted', status: 'True', reason: 'Accepted', message: 'Listener is accepted' },
  { type: 'Programmed', status: 'True', reason: 'Programmed', message: 'Listener is programmed' },
  { type: 'ResolvedRefs', status: 'True', reason: 'ResolvedRefs', message: 'All references are resolved' },
  { type: 'Conflicted', status: 'False', reason: 'NoConflicts', message: 'No conflicts' },
]

/** Looks at every listener of a Gateway. */
export function readListeners(client: Client, gateway: Gateway, grants: readonly ReferenceGrant[]): ListenerState[] {
  return gateway.spec.listeners.map(listener => {
    const certificates = listener.protocol === 'HTTPS' ? readCertificates(client, gateway, listener, grants) : undefined
    const problems = [
      ...protocolProblems(listener, gateway.spec.listeners),
      ...kindProblems(listener),
      ...(certificates && 'problems' in certificates ? certificates.problems : []),
    ]
    return {
      listener,
      gateway,
      isValid: !problems.some(({ type, status }) => type === 'Programmed' && status === 'False'),
      conditions: merge(problems),
      certificates: certificates && 'chain' in certificates ? certificates.chain : undefined,
      supportedKinds: supportedKinds(listener),
      attachedRoutes: 0,
    }
  })
}

/** Problems in place of what is said when all is well. */
function merge(problems: readonly Condition[]): Condition[] {
  const types = new Set(problems.map(({ type }) => type))
  return [...fine.filter(({ type }) => !types.has(type)), ...problems]
}

function notProgrammed(message: string): Condition {
  return { type: 'Programmed', status: 'False', reason: 'Invalid', message }
}

function protocolProblems(listener: Listener, all: readonly Listener[]): Condition[] {
  const { protocol, tls, port } = listener
  const refuse = (reason: string, message: string): Condition[] => [
    { type: 'Accepted', status: 'False', reason, message },
    notProgrammed(message),
  ]
  // Simplified: TLSRoutes are not known here, so listeners of the protocol TLS are refused.
  if (protocol !== 'HTTP' && protocol !== 'HTTPS')
    return refuse(
      'UnsupportedProtocol',
      `protocol: Unsupported value: "${protocol}": supported values: "HTTP", "HTTPS"`,
    )
  if (protocol === 'HTTPS' && !tls)
    return refuse('UnsupportedValue', 'tls: Required value: tls must be defined for HTTPS listener')
  if (tls && Object.keys(tls.options ?? {}).length > 0)
    return refuse('UnsupportedValue', 'tls.options: Forbidden: options are not supported')
  if (all.some(other => other.port === port && other.protocol !== protocol)) {
    const message = `Multiple listeners for the same port ${port} specify incompatible protocols; ensure only one protocol per port`
    return [
      ...refuse('ProtocolConflict', message),
      { type: 'Conflicted', status: 'True', reason: 'ProtocolConflict', message },
    ]
  }
  return []
}

function kindProblems({ allowedRoutes, protocol }: Listener): Condition[] {
  const strange = (allowedRoutes?.kinds ?? []).filter(each => !isKnown(each))
  if (strange.length === 0) return []
  const message = `Unsupported route kind for protocol ${protocol} "${strange[0]!.group ?? gatewayGroup}/${strange[0]!.kind}"`
  return [{ type: 'ResolvedRefs', status: 'False', reason: 'InvalidRouteKinds', message }, notProgrammed(message)]
}

function supportedKinds({ allowedRoutes }: Listener): ListenerState['supportedKinds'] {
  const { kinds } = allowedRoutes ?? {}
  return kinds?.length ? kinds.filter(isKnown).map(({ group = gatewayGroup, kind }) => ({ group, kind })) : usualKinds
}

function isKnown({ group = gatewayGroup, kind }: { group?: string; kind: string }): boolean {
  return usualKinds.some(each => each.group === group && each.kind === kind)
}

function readCertificates(
  client: Client,
  gateway: Gateway,
  { tls }: Listener,
  grants: readonly ReferenceGrant[],
): { readonly chain: readonly Certificate[] } | { readonly problems: readonly Condition[] } {
  const refuse = (reason: string, message: string) => ({
    problems: [
      { type: 'Accepted', status: 'False' as const, reason, message },
      { type: 'ResolvedRefs', status: 'False' as const, reason, message },
      notProgrammed(message),
    ],
  })
  const own = gateway.metadata.namespace!
  const [reference] = tls?.certificateRefs ?? []
  if (!reference) return { chain: [] }
  const { name, namespace = own, kind = 'Secret', group = '' } = reference
  if (kind !== 'Secret' || group !== '')
    return refuse(
      'InvalidCertificateRef',
      `tls.certificateRefs[0].kind: Unsupported value: "${kind}": supported values: "Secret"`,
    )
  const crossing = {
    from: { group: gatewayGroup, kind: 'Gateway', namespace: own },
    to: { group: '', kind: 'Secret', namespace, name },
  }
  if (!isPermitted(grants, crossing))
    return refuse(
      'RefNotPermitted',
      `Certificate ref to secret ${namespace}/${name} not permitted by any ReferenceGrant`,
    )
  const invalid = (why: string) =>
    refuse('InvalidCertificateRef', `tls.certificateRefs[0]: Invalid value: ${namespace}/${name}: ${why}`)
  const found = client.get(secret, name, namespace)
  if (!found) return invalid('secret does not exist')
  if (found.type !== 'kubernetes.io/tls') return invalid(`secret type must be "kubernetes.io/tls" not "${found.type}"`)
  const chain = decodeCertificates(fromBase64(found.data?.['tls.crt'] ?? ''))
  const [key] = decodePem('(?:RSA |EC )?PRIVATE KEY', fromBase64(found.data?.['tls.key'] ?? ''))
  if (!chain[0] || !key) return invalid('tls: failed to find any PEM data in certificate input')
  if (new TextDecoder().decode(key) !== chain[0].key) return invalid('tls: private key does not match public key')
  return { chain }
}
