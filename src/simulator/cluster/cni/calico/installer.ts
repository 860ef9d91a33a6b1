import type { Program } from '../../../machine/program.ts'

const configuration = '10-calico.conflist'
const kubeconfigPath = '/etc/cni/net.d/calico-kubeconfig'

/** What the installing container of calico-node runs: puts the executables and their configuration onto the node. */
export const cniInstaller: Program = {
  name: 'install',
  summary: "copy Calico's CNI executables and their configuration to the node",
  async run(process) {
    const { files, env } = process
    for (const name of ['calico', 'calico-ipam']) {
      const status = await process.call(['cp', `/opt/cni/bin/${name}`, `/host/opt/cni/bin/${name}`])
      if (status !== 0) return status
    }
    const template = env.get('CNI_NETWORK_CONFIG')
    if (template === undefined) {
      await process.stderr.write('CNI_NETWORK_CONFIG is not set: a built-in configuration is not simulated here\n')
      return 1
    }
    const text = template
      .replaceAll('__KUBERNETES_NODE_NAME__', env.get('KUBERNETES_NODE_NAME') ?? process.machine.hostname)
      .replaceAll('__CNI_MTU__', env.get('CNI_MTU') ?? '0')
      .replaceAll('__KUBECONFIG_FILEPATH__', kubeconfigPath)
      .replaceAll('__KUBECONFIG_FILENAME__', 'calico-kubeconfig')
    const account = '/var/run/secrets/kubernetes.io/serviceaccount'
    const read = (name: string) => (files.exists(`${account}/${name}`) ? files.readText(`${account}/${name}`) : '')
    files.writeText(
      '/host/etc/cni/net.d/calico-kubeconfig',
      kubeconfig(env.get('KUBERNETES_SERVICE_HOST') ?? '10.96.0.1', btoa(read('ca.crt')), read('token')),
      0o600,
    )
    files.writeText(`/host/etc/cni/net.d/${env.get('CNI_CONF_NAME') ?? configuration}`, `${text.trimEnd()}\n`)
    const stamp = new Date(process.machine.now()).toISOString().replace('T', ' ').replace('Z', '')
    await process.write(
      `${stamp} [INFO][1] cni-installer/install.go: Wrote Calico CNI binaries to /host/opt/cni/bin\n${stamp} [INFO][1] cni-installer/install.go: Created /host/etc/cni/net.d/${env.get('CNI_CONF_NAME') ?? configuration}\n`,
    )
    return 0
  },
}

/** What `calico-ipam -upgrade` does on a cluster that never had an older Calico. */
export const ipamUpgrade: Program = {
  name: 'calico-ipam',
  summary: 'allocate addresses, as a CNI executable; or move them from another allocator',
  async run(process) {
    if (process.argv[1] === '-upgrade') return 0
    await process.stderr.write('CNI_COMMAND env variable missing\n')
    return 1
  },
}

function kubeconfig(host: string, authority: string, token: string): string {
  return `# Kubeconfig file for Calico CNI plugin. Installed by calico/node.
apiVersion: v1
kind: Config
clusters:
- name: local
  cluster:
    server: https://${host}:443
    certificate-authority-data: "${authority}"
users:
- name: calico
  user:
    token: ${token}
contexts:
- name: calico-context
  context:
    cluster: local
    user: calico
current-context: calico-context
`
}
