import { anyOf, daemonImage, type Image } from '../../images/image.ts'
import { layDebian } from '../../images/layers/debian.ts'

/** Under which version Cilium is installed. */
export const version = 'v1.18.4'
const repository = 'quay.io/cilium'
/** The image of the agent and of its init containers. */
export const agentImage = `${repository}/cilium:${version}`
export const operatorImage = `${repository}/operator-generic:${version}`

/** The image that collects flows from all nodes. */
export const relayImage = `${repository}/hubble-relay:${version}`

const agent: Image = {
  repository: `${repository}/cilium`,
  hasTag: anyOf(version),
  size: () => 233_489_062,
  settings: () => ({ command: ['/usr/bin/cilium-dbg'], workingDirectory: '/home/cilium' }),
  build(files, _tag, programs) {
    layDebian(files, programs, { commands: ['ip', 'iptables', 'iptables-save', 'ipset', 'curl', 'ss', 'bash'] })
    files.mkdir('/home/cilium', { parents: true })
    files.mkdir('/opt/cni/bin', { parents: true })
    files.mkdir('/var/run/cilium', { parents: true })
    for (const name of ['cilium-agent', 'cilium-dbg', 'hubble', 'cilium-mount', 'cilium-sysctlfix'])
      files.install(`/usr/bin/${name}`, programs.ofCluster(name))
    files.symlink('cilium-dbg', '/usr/bin/cilium')
    files.install('/opt/cni/bin/cilium-cni', programs.ofCluster('cilium-cni'))
    files.writeText(
      '/install-plugin.sh',
      '#!/bin/sh\nset -e\ncp -f /opt/cni/bin/cilium-cni /host/opt/cni/bin/cilium-cni\n',
      0o755,
    )
    files.writeText(
      '/init-container.sh',
      '#!/bin/sh\nif [ "${CILIUM_ALL_STATE}" = "true" ]; then rm -rf /var/run/cilium/*; fi\n',
      0o755,
    )
  },
}

/** What the pods of Cilium are made of. */
export const ciliumImages: readonly Image[] = [
  agent,
  daemonImage({
    repository: `${repository}/operator-generic`,
    tags: [version],
    size: 39_845_227,
    path: '/usr/bin/cilium-operator-generic',
  }),
  daemonImage({
    repository: `${repository}/hubble-relay`,
    tags: [version],
    size: 33_262_178,
    path: '/usr/bin/hubble-relay',
  }),
]
