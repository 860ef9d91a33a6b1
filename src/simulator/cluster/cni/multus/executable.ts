import type { Client } from '../../client.ts'
import { createRecorder, type EventRecorder } from '../../eventRecorder.ts'
import { type Pod, pod as podKind } from '../../kinds/pod.ts'
import {
  CniError,
  type CniExecutable,
  type CniRequest,
  type CniResult,
  type Delegates,
  type PluginConfiguration,
} from '../executables/executable.ts'
import {
  type NetworkAttachmentDefinition,
  networkAttachmentDefinition,
  networksAnnotation,
  statusAnnotation,
} from './definition.ts'
import { readNetworks, type WantedNetwork } from './networks.ts'

/** A network as it stands in a file or in a NetworkAttachmentDefinition: one plugin, or a chain of them. */
interface Configuration {
  readonly name?: string
  readonly type?: string
  readonly cniVersion?: string
  readonly plugins?: readonly PluginConfiguration[]
}

/** One interface of a pod: which network it leads to, and what it is called. */
interface Attachment {
  /** As the pod's status names it: `cbr0`, `default/macvlan-conf`. */
  readonly name: string
  readonly interfaceName: string
  readonly configuration: Configuration
}

interface Parties {
  readonly client: Client
  readonly pod: Pod | undefined
  readonly record: EventRecorder
}

const cache = '/var/lib/cni/multus'

/** Asks other plugins for a pod's interfaces: first the usual one, then those that the pod's annotation names. */
export const multus: CniExecutable = {
  type: 'multus',
  kind: 'meta',
  add(configuration, request, _before, delegates) {
    const parties = partiesOf(request)
    const usual = (configuration['delegates'] as readonly Configuration[] | undefined)?.[0]
    if (!usual)
      throw new CniError(
        'Multus: error loading netconf: LoadNetConf: at least one delegate/clusterNetwork must be specified',
      )
    const attachments: Attachment[] = [
      { name: usual.name ?? '', interfaceName: request.interfaceName, configuration: usual },
      ...wantedBy(request, parties),
    ]
    request.files.mkdir(cache, { parents: true })
    request.files.writeText(`${cache}/${request.containerId}`, JSON.stringify(attachments), 0o600)
    const results: CniResult[] = []
    for (const attachment of attachments) results.push(attach(attachment, request, delegates, parties))
    report(request, parties, attachments, results)
    return results[0]!
  },
  remove(_configuration, request, delegates) {
    const file = `${cache}/${request.containerId}`
    if (!request.files.exists(file)) return
    const attachments = JSON.parse(request.files.readText(file)) as Attachment[]
    for (const { configuration, interfaceName } of attachments.toReversed())
      for (const plugin of pluginsOf(configuration).toReversed())
        delegates.remove(plugin, { ...request, interfaceName })
    request.files.remove(file)
  },
}

function partiesOf({ clientOf, node, pod }: CniRequest): Parties {
  const client = clientOf('kube-system:multus')
  const { kernel, epoch } = node
  const record = createRecorder({ client, clock: kernel.clock, epoch, component: 'multus' })
  return { client, pod: client.get(podKind, pod.name, pod.namespace), record }
}

/** The further interfaces of a pod, with the configurations that their NetworkAttachmentDefinitions hold. */
function wantedBy(request: CniRequest, { client, pod, record }: Parties): Attachment[] {
  const annotation = pod?.metadata.annotations?.[networksAnnotation]
  if (!pod || annotation === undefined || annotation === '') return []
  const { namespace, name, uid } = request.pod
  const inContext = (text: string) =>
    new CniError(
      `Multus: [${namespace}/${name}/${uid}]: error loading k8s delegates k8s args: TryLoadPodDelegates: error in getting k8s network for pod: ${text}`,
    )
  let wanted: WantedNetwork[]
  try {
    wanted = readNetworks(annotation, namespace)
  } catch (error) {
    if (!(error instanceof CniError)) throw error
    throw inContext(error.message)
  }
  return wanted.map(each => {
    const found = definitionNamed(client, each)
    if (!found) {
      const { group, plural } = networkAttachmentDefinition
      const text = `cannot find a network-attachment-definition (${each.name}) in namespace (${each.namespace}): ${plural}.${group} "${each.name}" not found`
      record(pod, 'Warning', 'NoNetworkFound', text)
      throw inContext(`GetNetworkDelegates: failed getting the delegate: getKubernetesDelegate: ${text}`)
    }
    try {
      // A network without a name is called as the object is.
      const configuration = { name: each.name, ...(JSON.parse(found.spec?.config || '{}') as Configuration) }
      return {
        name: `${each.namespace}/${each.name}`,
        interfaceName: each.interfaceName,
        configuration: withAddresses(configuration, each),
      }
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      throw inContext(
        `GetNetworkDelegates: failed getting the delegate: GetCNIConfig: err in getCNIConfigFromSpec: ${error.message}`,
      )
    }
  })
}

function definitionNamed(client: Client, { name, namespace }: WantedNetwork): NetworkAttachmentDefinition | undefined {
  const { group, plural } = networkAttachmentDefinition
  const kind = client.kinds().find(each => each.group === group && each.plural === plural)
  return kind && (client.get(kind, name, namespace) as NetworkAttachmentDefinition | undefined)
}

/** Addresses that the pod asks for go to the plugin that hands out addresses. */
function withAddresses(configuration: Configuration, { addresses }: WantedNetwork): Configuration {
  if (!addresses) return configuration
  const withIps = (plugin: PluginConfiguration) => ({
    ...plugin,
    ipam: { type: 'static', ...(plugin['ipam'] as object), addresses: addresses.map(address => ({ address })) },
  })
  const { plugins } = configuration
  return plugins
    ? { ...configuration, plugins: plugins.map(withIps) }
    : (withIps(configuration as PluginConfiguration) as Configuration)
}

function pluginsOf(configuration: Configuration): PluginConfiguration[] {
  const { name = '', cniVersion, plugins } = configuration
  const single = configuration as PluginConfiguration
  return (plugins ?? [single]).map(plugin => ({ ...plugin, name, cniVersion }))
}

function attach(
  { name, interfaceName, configuration }: Attachment,
  request: CniRequest,
  delegates: Delegates,
  { pod, record }: Parties,
): CniResult {
  const own = { ...request, interfaceName }
  let result: CniResult | undefined
  try {
    for (const plugin of pluginsOf(configuration)) {
      if (!plugin.type) throw new CniError('delegate must have the field "type"')
      result = delegates.add(plugin, own, result)
    }
  } catch (error) {
    if (!(error instanceof CniError)) throw error
    const { namespace, name: podName, uid } = request.pod
    const network = configuration.name ?? name
    throw new CniError(
      `[${namespace}/${podName}/${uid}:${network}]: error adding container to network "${network}": ${error.message}`,
    )
  }
  const addresses = (result?.addresses ?? []).map(each => each.address)
  if (pod) record(pod, 'Normal', 'AddedInterface', `Add ${interfaceName} [${addresses.join(' ')}] from ${name}`)
  return result ?? { addresses: [] }
}

/** Writes down in an annotation what interfaces the pod has got. */
function report(
  { namespace }: CniRequest,
  { client, pod }: Parties,
  attachments: readonly Attachment[],
  results: readonly CniResult[],
): void {
  if (!pod) return
  const rows = attachments.map(({ name, interfaceName }, index) => {
    const device = namespace.interface(interfaceName)
    const { addresses } = results[index]!
    const gateways = addresses.flatMap(({ gateway }) => (gateway === undefined ? [] : [gateway]))
    return {
      name,
      interface: interfaceName,
      ...(addresses.length > 0 && { ips: addresses.map(({ address }) => address.split('/')[0]!) }),
      ...(device && { mac: device.mac, mtu: device.mtu }),
      ...(index === 0 && { default: true }),
      dns: {},
      ...(index === 0 && gateways.length > 0 && { gateway: gateways }),
    }
  })
  const text = `[${rows.map(row => JSON.stringify(row, undefined, 4)).join(',')}]`
  client.patch(podKind, pod.metadata.name, pod.metadata.namespace, {
    metadata: { annotations: { [statusAnnotation]: text } },
  })
}
