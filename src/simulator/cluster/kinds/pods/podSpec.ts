import type { PodDNSConfig, PodSpec } from 'kubernetes-types/core/v1'
import { addressText, parseAddress } from '../../api/addresses.ts'
import { allowOneOf, checkName, requireOneOf } from '../../api/checks.ts'
import { duplicate, type FieldError, invalid, required } from '../../api/fieldError.ts'
import { validateLabels } from '../../api/labels.ts'
import { between, checkDns1123Label, checkDns1123Subdomain, checkQualifiedName } from '../../api/names.ts'
import { validateContainers } from './containers.ts'
import { validateScheduling } from './scheduling.ts'
import { validateHostNamespaces, validatePodSecurity } from './security.ts'
import { validateVolumes } from './volumes.ts'

const dnsPolicies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']

/** What is wrong with a pod or a template of pods (ValidatePodSpec of kubernetes/pkg/apis/core/validation). */
export function validatePodSpec(spec: PodSpec, path: string, errors: FieldError[]): void {
  validateVolumes(spec, `${path}.volumes`, errors)
  validateContainers(spec, path, errors)
  requireOneOf(spec.restartPolicy, ['Always', 'OnFailure', 'Never'], `${path}.restartPolicy`, errors)
  requireOneOf(spec.dnsPolicy, dnsPolicies, `${path}.dnsPolicy`, errors)
  validateLabels(spec.nodeSelector, `${path}.nodeSelector`, errors)
  validateHostNamespaces(spec, path, errors)
  validatePodSecurity(spec, path, errors)
  if (spec.dnsConfig || spec.dnsPolicy === 'None')
    validateDns(spec.dnsConfig, spec.dnsPolicy, `${path}.dnsConfig`, errors)
  validateScheduling(spec, path, errors)
  for (const [index, { conditionType }] of (spec.readinessGates ?? []).entries())
    checkName(conditionType ?? '', checkQualifiedName, `${path}.readinessGates[${index}].conditionType`, errors)
  validateGates(spec, `${path}.schedulingGates`, errors)
  if (spec.serviceAccountName)
    checkName(spec.serviceAccountName, checkDns1123Subdomain, `${path}.serviceAccountName`, errors)
  if (spec.nodeName) checkName(spec.nodeName, checkDns1123Subdomain, `${path}.nodeName`, errors)
  checkDeadline(spec.activeDeadlineSeconds, 1, path, errors)
  if (spec.hostname) checkName(spec.hostname, checkDns1123Label, `${path}.hostname`, errors)
  if (spec.subdomain) checkName(spec.subdomain, checkDns1123Label, `${path}.subdomain`, errors)
  for (const [index, { ip, hostnames }] of (spec.hostAliases ?? []).entries()) {
    if (!parseAddress(ip ?? '')) errors.push(invalid(`${path}.hostAliases[${index}].ip`, ip ?? '', addressText))
    for (const [place, name] of (hostnames ?? []).entries())
      checkName(name, checkDns1123Subdomain, `${path}.hostAliases[${index}].hostnames[${place}]`, errors)
  }
  if (spec.priorityClassName)
    checkName(spec.priorityClassName, checkDns1123Subdomain, `${path}.priorityClassName`, errors)
  if (spec.runtimeClassName) checkName(spec.runtimeClassName, checkDns1123Subdomain, `${path}.runtimeClassName`, errors)
  allowOneOf(spec.preemptionPolicy, ['Never', 'PreemptLowerPriority'], `${path}.preemptionPolicy`, errors)
  if (spec.os) requireOneOf(spec.os.name, ['linux', 'windows'], `${path}.os.name`, errors, 'cannot be empty')
}

const greatestDeadline = 2 ** 31 - 1

/** How long a pod may run. */
export function checkDeadline(seconds: number | undefined, least: number, path: string, errors: FieldError[]): void {
  if (seconds !== undefined && (seconds < least || seconds > greatestDeadline))
    errors.push(invalid(`${path}.activeDeadlineSeconds`, seconds, between(least, greatestDeadline)))
}

function validateGates({ schedulingGates }: PodSpec, path: string, errors: FieldError[]): void {
  const names = new Set<string>()
  for (const [index, { name }] of (schedulingGates ?? []).entries()) {
    checkName(name ?? '', checkQualifiedName, `${path}[${index}]`, errors)
    if (names.has(name)) errors.push(duplicate(`${path}[${index}]`, name))
    names.add(name)
  }
}

// resolv.conf takes three name servers and 32 domains.
const mostServers = 3
const mostSearches = 32

function validateDns(
  config: PodDNSConfig | undefined,
  policy: string | undefined,
  path: string,
  errors: FieldError[],
): void {
  const servers = config?.nameservers ?? []
  if (policy === 'None' && !config) errors.push(required(path, 'must provide `dnsConfig` when `dnsPolicy` is None'))
  else if (policy === 'None' && servers.length === 0)
    errors.push(required(`${path}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None'))
  if (servers.length > mostServers)
    errors.push(invalid(`${path}.nameservers`, servers, `must not have more than ${mostServers} nameservers`))
  for (const [index, server] of servers.entries())
    if (!parseAddress(server)) errors.push(invalid(`${path}.nameservers[${index}]`, server, addressText))
  const searches = config?.searches ?? []
  if (searches.length > mostSearches)
    errors.push(invalid(`${path}.searches`, searches, `must not have more than ${mostSearches} search paths`))
  for (const [index, search] of searches.entries())
    if (search !== '.')
      checkName(search.replace(/\.$/, ''), checkDns1123Subdomain, `${path}.searches[${index}]`, errors)
  for (const [index, { name }] of (config?.options ?? []).entries())
    if (!name) errors.push(required(`${path}.options[${index}]`, 'must not be empty'))
}
