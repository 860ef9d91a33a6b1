import type { ServicePort, ServiceSpec } from 'kubernetes-types/core/v1'
import { addressText, checkRoutable, parseAddress, parseRange, rangeText } from '../../api/addresses.ts'
import { allowOneOf, checkName, requireOneOf, requirePort } from '../../api/checks.ts'
import { duplicate, type FieldError, forbidden, invalid, required } from '../../api/fieldError.ts'
import { validateLabels } from '../../api/labels.ts'
import { checkDns1123Label, checkDns1123Subdomain, checkPort, checkQualifiedName } from '../../api/names.ts'
import { hasClusterIp, hasHealthCheckPort, isHeadless } from './defaults.ts'

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']
const protocols = ['SCTP', 'TCP', 'UDP']
const day = 86_400

/** What is wrong with a Service (ValidateService of kubernetes/pkg/apis/core/validation). */
export function validateService(spec: ServiceSpec, errors: FieldError[]): void {
  const ports = spec.ports ?? []
  if (ports.length === 0 && !isHeadless(spec) && spec.type !== 'ExternalName') errors.push(required('spec.ports'))
  validateType(spec, errors)
  const names = new Set<string>()
  for (const [index, port] of ports.entries())
    validatePort(port, ports.length > 1, names, `spec.ports[${index}]`, errors)
  validateLabels(spec.selector, 'spec.selector', errors)
  validateAffinity(spec, errors)
  validateClusterIps(spec, errors)
  for (const [index, address] of (spec.externalIPs ?? []).entries()) {
    const path = `spec.externalIPs[${index}]`
    if (!parseAddress(address)) errors.push(invalid(path, address, addressText))
    else for (const text of checkRoutable(address)) errors.push(invalid(path, address, text))
  }
  requireOneOf(spec.type, types, 'spec.type', errors)
  validateNodePorts(spec, errors)
  findTwins(ports, errors)
  validateTraffic(spec, errors)
}

function validateType(spec: ServiceSpec, errors: FieldError[]): void {
  if ((spec.type === 'LoadBalancer' || spec.type === 'NodePort') && isHeadless(spec))
    errors.push(invalid('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${spec.type} services`))
  if (spec.type !== 'ExternalName') return
  const refused = 'may not be set for ExternalName services'
  if (spec.clusterIPs?.length || spec.clusterIP) errors.push(forbidden('spec.clusterIPs', refused))
  if (spec.ipFamilies?.length) errors.push(forbidden('spec.ipFamilies', refused))
  if (spec.ipFamilyPolicy) errors.push(forbidden('spec.ipFamilyPolicy', refused))
  const name = (spec.externalName ?? '').replace(/\.$/, '')
  if (!name) errors.push(required('spec.externalName'))
  else checkName(name, checkDns1123Subdomain, 'spec.externalName', errors)
}

function validatePort(
  port: ServicePort,
  needsName: boolean,
  names: Set<string>,
  path: string,
  errors: FieldError[],
): void {
  if (port.name) {
    checkName(port.name, checkDns1123Label, `${path}.name`, errors)
    if (names.has(port.name)) errors.push(duplicate(`${path}.name`, port.name))
    names.add(port.name)
  } else if (needsName) errors.push(required(`${path}.name`))
  for (const text of checkPort(port.port ?? 0)) errors.push(invalid(`${path}.port`, port.port ?? 0, text))
  requireOneOf(port.protocol, protocols, `${path}.protocol`, errors)
  requirePort(port.targetPort, `${path}.targetPort`, errors)
  if (port.appProtocol !== undefined) checkName(port.appProtocol, checkQualifiedName, `${path}.appProtocol`, errors)
}

function validateAffinity({ sessionAffinity, sessionAffinityConfig }: ServiceSpec, errors: FieldError[]): void {
  requireOneOf(sessionAffinity, ['ClientIP', 'None'], 'spec.sessionAffinity', errors)
  const path = 'spec.sessionAffinityConfig'
  if (sessionAffinity === 'None' && sessionAffinityConfig)
    errors.push(forbidden(path, 'must not be set when session affinity is None'))
  if (sessionAffinity !== 'ClientIP') return
  const seconds = sessionAffinityConfig?.clientIP?.timeoutSeconds
  if (seconds === undefined) errors.push(required(path, 'when session affinity type is ClientIP'))
  else if (seconds <= 0 || seconds > day)
    errors.push(invalid(`${path}.clientIP.timeoutSeconds`, seconds, `must be greater than 0 and less than ${day}`))
}

/** Addresses, their families and the policy must fit each other. */
function validateClusterIps(spec: ServiceSpec, errors: FieldError[]): void {
  if (spec.type === 'ExternalName') return
  const { clusterIP = '', clusterIPs = [], ipFamilies = [], ipFamilyPolicy } = spec
  const seen = new Set<string>()
  for (const [index, family] of ipFamilies.entries()) {
    allowOneOf(family, ['IPv4', 'IPv6'], `spec.ipFamilies[${index}]`, errors)
    if (seen.has(family)) errors.push(duplicate(`spec.ipFamilies[${index}]`, family))
    seen.add(family)
  }
  allowOneOf(ipFamilyPolicy, ['PreferDualStack', 'RequireDualStack', 'SingleStack'], 'spec.ipFamilyPolicy', errors)
  if (clusterIP && clusterIPs.length > 0 && clusterIPs[0] !== clusterIP)
    errors.push(invalid('spec.clusterIPs', clusterIPs, 'first value must match `clusterIP`'))
  if (!clusterIP && clusterIPs.length > 0)
    errors.push(invalid('spec.clusterIPs', clusterIPs, 'must be empty when `clusterIP` is not specified'))
  if (clusterIPs.length > 1 && clusterIPs[0] === 'None')
    errors.push(invalid('spec.clusterIPs', clusterIPs, "'None' must be the first and only value"))
  const families = new Set<string>()
  for (const [index, text] of (clusterIPs.length > 0 ? clusterIPs : clusterIP ? [clusterIP] : []).entries()) {
    if (text === 'None' && index === 0) continue
    const address = parseAddress(text)
    const path = `spec.clusterIPs[${index}]`
    if (!address) {
      errors.push(invalid(path, text, addressText))
      continue
    }
    families.add(address.family)
    const expected = ipFamilies[index]
    if (expected && expected !== address.family)
      errors.push(invalid(path, text, `expected an ${expected} value as indicated by \`ipFamilies[${index}]\``))
  }
  if (clusterIPs.length > 1 && families.size === 1 && clusterIPs.every(parseAddress))
    errors.push(invalid('spec.clusterIPs', clusterIPs, 'may specify no more than one IP for each IP family'))
  if (clusterIPs.length > 2) errors.push(invalid('spec.clusterIPs', clusterIPs, 'may only hold up to 2 values'))
}

function validateNodePorts({ type, ports = [] }: ServiceSpec, errors: FieldError[]): void {
  const used = new Set<string>()
  for (const [index, { nodePort, protocol }] of ports.entries()) {
    if (!nodePort) continue
    const path = `spec.ports[${index}].nodePort`
    if (type === 'ClusterIP') errors.push(forbidden(path, "may not be used when `type` is 'ClusterIP'"))
    const key = `${protocol}/${nodePort}`
    if (used.has(key)) errors.push(duplicate(path, nodePort))
    used.add(key)
  }
}

/** The same protocol and port number twice. */
function findTwins(ports: readonly ServicePort[], errors: FieldError[]): void {
  const used = new Set<string>()
  for (const [index, { port, protocol }] of ports.entries()) {
    const key = `${protocol}/${port}`
    if (used.has(key))
      errors.push(
        duplicate(`spec.ports[${index}]`, {
          Name: '',
          Protocol: protocol,
          AppProtocol: null,
          Port: port,
          TargetPort: 0,
          NodePort: 0,
        }),
      )
    used.add(key)
  }
}

const distributions = ['PreferClose', 'PreferSameNode', 'PreferSameZone']

function validateTraffic(spec: ServiceSpec, errors: FieldError[]): void {
  const { type, externalIPs, externalTrafficPolicy, internalTrafficPolicy, healthCheckNodePort } = spec
  const onlyBalanced = "may only be used when `type` is 'LoadBalancer'"
  const isReachable = type === 'NodePort' || type === 'LoadBalancer' || Boolean(externalIPs?.length)
  // The server writes the name of this field as Go does.
  if (spec.loadBalancerSourceRanges?.length && type !== 'LoadBalancer')
    errors.push(forbidden('spec.LoadBalancerSourceRanges', onlyBalanced))
  for (const [index, range] of (spec.loadBalancerSourceRanges ?? []).map(each => each.trim()).entries())
    if (!parseRange(range)) errors.push(invalid(`spec.LoadBalancerSourceRanges[${index}]`, range, rangeText))
  if (type !== 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== undefined)
    errors.push(forbidden('spec.allocateLoadBalancerNodePorts', onlyBalanced))
  if (externalTrafficPolicy && !isReachable)
    errors.push(
      invalid(
        'spec.externalTrafficPolicy',
        externalTrafficPolicy,
        'may only be set for externally-accessible services',
      ),
    )
  else if (isReachable && (type === 'NodePort' || type === 'LoadBalancer'))
    requireOneOf(externalTrafficPolicy, ['Cluster', 'Local'], 'spec.externalTrafficPolicy', errors)
  if (healthCheckNodePort && !hasHealthCheckPort(spec))
    errors.push(
      invalid(
        'spec.healthCheckNodePort',
        healthCheckNodePort,
        "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
      ),
    )
  else if (healthCheckNodePort)
    for (const text of checkPort(healthCheckNodePort))
      errors.push(invalid('spec.healthCheckNodePort', healthCheckNodePort, text))
  if (hasClusterIp(spec))
    requireOneOf(internalTrafficPolicy, ['Cluster', 'Local'], 'spec.internalTrafficPolicy', errors)
  const { trafficDistribution } = spec as { trafficDistribution?: string }
  allowOneOf(trafficDistribution, distributions, 'spec.trafficDistribution', errors)
  if (spec.loadBalancerClass !== undefined) {
    if (type !== 'LoadBalancer') errors.push(forbidden('spec.loadBalancerClass', onlyBalanced))
    else checkName(spec.loadBalancerClass, checkQualifiedName, 'spec.loadBalancerClass', errors)
  }
}

/** Ranges that may call a load balancer, as an annotation of old. */
export function validateRangeAnnotation(
  annotations: Readonly<Record<string, string>> | undefined,
  { type, loadBalancerSourceRanges }: ServiceSpec,
  errors: FieldError[],
): void {
  const text = annotations?.[rangeAnnotation]
  if (text === undefined || loadBalancerSourceRanges?.length) return
  const path = `metadata.annotations[${rangeAnnotation}]`
  if (type !== 'LoadBalancer') errors.push(forbidden(path, "may only be used when `type` is 'LoadBalancer'"))
  const ranges = text.trim() === '' ? [] : text.split(',').map(range => range.trim())
  for (const range of ranges) if (!parseRange(range)) errors.push(invalid(path, range, rangeText))
}

const rangeAnnotation = 'service.beta.kubernetes.io/load-balancer-source-ranges'

/** What is wrong with changing a Service: its addresses and families stay once given, but for a second one. */
export function validateServiceUpdate(next: ServiceSpec, previous: ServiceSpec, errors: FieldError[]): void {
  if (hasClusterIp(next) && hasClusterIp(previous)) {
    if (!isHeadless(next) || !isHeadless(previous)) validateAddressChange(next, previous, errors)
    if (!isHeadless(next) && !isHeadless(previous)) validateFamilyChange(next, previous, errors)
  }
  if (previous.type === 'LoadBalancer' && next.type === 'LoadBalancer')
    if (next.loadBalancerClass !== previous.loadBalancerClass)
      errors.push(invalid('spec.loadBalancerClass', next.loadBalancerClass, 'may not change once set'))
}

function validateAddressChange(next: ServiceSpec, previous: ServiceSpec, errors: FieldError[]): void {
  const [before, after] = [previous.clusterIPs ?? [], next.clusterIPs ?? []]
  const refuse = (index: number, text: string) =>
    errors.push(invalid(`spec.clusterIPs[${index}]`, next.clusterIPs, text))
  if (before.length === after.length) {
    for (const [index, address] of before.entries())
      if (address !== after[index]) refuse(index, 'may not change once set')
    return
  }
  if (before.length > 0 && after.length === 0) refuse(0, 'primary clusterIP can not be unset')
  else if (before.length > 0 && before[0] !== after[0]) refuse(0, 'may not change once set')
  if (before.length > 1 && after.length === 1) requireSingleStack(next, 'clusterIP', errors)
}

function validateFamilyChange(next: ServiceSpec, previous: ServiceSpec, errors: FieldError[]): void {
  const [before, after] = [previous.ipFamilies ?? [], next.ipFamilies ?? []]
  if (before.length === after.length) {
    for (const [index, family] of before.entries())
      if (family !== after[index]) errors.push(invalid('spec.ipFamilies[0]', after, 'may not change once set'))
    return
  }
  // The server shows the addresses here, not the families: validateUpgradeDowngradeIPFamilies.
  if (before.length > 0 && after.length > 0 && before[0] !== after[0])
    errors.push(invalid('spec.ipFamilies[0]', next.clusterIPs, 'may not change once set'))
  if (before.length > 1 && after.length === 1) requireSingleStack(next, 'ipFamily', errors)
}

function requireSingleStack({ ipFamilyPolicy }: ServiceSpec, what: string, errors: FieldError[]): void {
  if (ipFamilyPolicy === 'SingleStack') return
  const text = `must be set to 'SingleStack' when releasing the secondary ${what}`
  errors.push(invalid('spec.ipFamilyPolicy', ipFamilyPolicy, text))
}
