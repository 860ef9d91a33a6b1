import { CniError, type CniExecutable, type CniRequest, type PluginConfiguration } from '../executables/executable.ts'

const subnetFile = '/run/flannel/subnet.env'

/** Reads which range flanneld has got for the node, and lets the bridge plugin do the rest. */
export const flannel: CniExecutable = {
  type: 'flannel',
  kind: 'meta',
  add(configuration, request, _before, delegates) {
    const delegate = delegateOf(configuration, request)
    request.files.mkdir('/var/lib/cni/flannel', { parents: true })
    request.files.writeText(`/var/lib/cni/flannel/${request.containerId}`, JSON.stringify(delegate), 0o600)
    return delegates.add(delegate, request)
  },
  remove(_configuration, request, delegates) {
    const file = `/var/lib/cni/flannel/${request.containerId}`
    if (!request.files.exists(file)) return
    delegates.remove(JSON.parse(request.files.readText(file)) as PluginConfiguration, request)
    request.files.remove(file)
  },
}

function delegateOf(configuration: PluginConfiguration, { files }: CniRequest): PluginConfiguration {
  const file = (configuration['subnetFile'] as string | undefined) ?? subnetFile
  if (!files.exists(file))
    throw new CniError(
      `failed to load flannel 'subnet.env' file: open ${file}: no such file or directory. Check the flannel pod log for this node.`,
    )
  const values = new Map(
    files
      .readText(file)
      .split('\n')
      .map(line => line.split('=', 2) as [string, string]),
  )
  for (const name of ['FLANNEL_NETWORK', 'FLANNEL_SUBNET', 'FLANNEL_MTU', 'FLANNEL_IPMASQ'])
    if (!values.get(name)) throw new CniError(`${file} is missing ${name}`)
  const given = (configuration['delegate'] ?? {}) as Record<string, unknown>
  return {
    cniVersion: configuration['cniVersion'],
    hairpinMode: true,
    ipMasq: values.get('FLANNEL_IPMASQ') !== 'true',
    isGateway: true,
    mtu: Number(values.get('FLANNEL_MTU')),
    type: 'bridge',
    ...given,
    ipam: {
      ranges: [[{ subnet: values.get('FLANNEL_SUBNET')!.replace(/\d+\/(\d+)$/, '0/$1') }]],
      routes: [{ dst: values.get('FLANNEL_NETWORK')! }],
      type: 'host-local',
    },
    name: configuration.name,
  }
}
