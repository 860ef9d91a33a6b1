import { anyOf, daemonImage, type Image } from '../../images/image.ts'
import { layDebian } from '../../images/layers/debian.ts'
import { layCommands, layRoot } from '../../images/layers/root.ts'
import { istioVersion } from './version.ts'

/** The agent and Envoy, with a small Linux around them. */
const proxy: Image = {
  repository: 'docker.io/istio/proxyv2',
  hasTag: anyOf(istioVersion),
  size: () => 112_340_118,
  settings: () => ({
    entrypoint: ['/usr/local/bin/pilot-agent'],
    user: 'istio-proxy',
    environment: { ISTIO_META_ISTIO_PROXY_SHA: '', ISTIO_META_ISTIO_VERSION: istioVersion },
  }),
  build(files, _tag, programs) {
    layDebian(files, programs, { accounts: [{ name: 'istio-proxy', uid: 1337, home: '/home/istio-proxy' }] })
    layCommands(files, programs, ['curl', 'ss', 'ip', 'tcpdump', 'iptables', 'iptables-save', 'nslookup', 'dig'], {
      directory: '/usr/sbin',
      flavour: 'gnu',
    })
    files.mkdir('/usr/local/bin', { parents: true })
    files.install('/usr/local/bin/pilot-agent', programs.ofCluster('pilot-agent'))
  },
}

/** The control plane. */
const pilot = daemonImage({
  repository: 'docker.io/istio/pilot',
  tags: [istioVersion],
  size: 84_911_204,
  path: '/usr/local/bin/pilot-discovery',
})

/** Keeps spans and answers questions about them. */
const zipkin: Image = {
  repository: 'docker.io/openzipkin/zipkin-slim',
  hasTag: anyOf('3.5.1', '3.4.0', 'latest'),
  size: () => 71_204_551,
  settings: () => ({ entrypoint: ['start-zipkin'], user: 'zipkin', ports: ['9411/tcp'] }),
  build(files, _tag, programs) {
    layRoot(files, [{ name: 'zipkin', uid: 1000, home: '/zipkin' }])
    layCommands(files, programs, ['sh', 'wget', 'ls', 'cat', 'ps'], { directory: '/bin', flavour: 'busybox' })
    files.mkdir('/usr/local/bin', { parents: true })
    files.install('/usr/local/bin/start-zipkin', programs.ofCluster('start-zipkin'))
  },
}

/** What the pods of Istio, and the sidecars, are made of. */
export const istioImages: readonly Image[] = [proxy, pilot, zipkin]
