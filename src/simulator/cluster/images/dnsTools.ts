import type { Image } from './image.ts'
import { layAlpine } from './layers/alpine.ts'
import { layCommands } from './layers/root.ts'

const tools = ['bash', 'curl', 'dig', 'host', 'jq', 'nslookup', 'ping', 'tcpdump']

/** A shell with tools to ask name servers. */
export const dnsTools: Image = {
  repository: 'docker.io/infoblox/dnstools',
  mirrors: ['docker.io/tutum/dnsutils', 'registry.k8s.io/e2e-test-images/jessie-dnsutils'],
  hasTag: tag => /^(latest|v\d\.\d|1\.\d)$/.test(tag),
  size: () => 6_100_000,
  settings: () => ({ command: ['/bin/sh'] }),
  // Simplified: the mirrors are other images with the same tools.
  build(files, _tag, programs) {
    layAlpine(files, programs, '3.15.0')
    layCommands(files, programs, tools, { directory: '/usr/bin', flavour: 'gnu' })
  },
}
