import type { Process, Program } from '../../../machine/program.ts'
import { TcpListening } from '../../../machine/tcp.ts'
import { untilAsked } from '../../../machine/untilAsked.ts'
import type { Client } from '../../client.ts'
import { deployment } from '../../kinds/deployment.ts'
import { service } from '../../kinds/service.ts'
import { serviceAccount } from '../../kinds/serviceAccount.ts'
import { ensure } from '../../manifest/ensure.ts'
import { Datapath } from './datapath.ts'
import type { FlowSource } from './hubble.ts'
import { relayImage } from './images.ts'

const namespace = 'kube-system'
const labels = {
  'app.kubernetes.io/name': 'hubble-relay',
  'app.kubernetes.io/part-of': 'cilium',
  'k8s-app': 'hubble-relay',
}
/** Where `cilium hubble port-forward` listens on the learner's machine. */
export const relayPort = 4245

/** Collects the flows of all nodes. */
export const hubbleRelay: Program = {
  name: 'hubble-relay',
  summary: 'collect the flows of all nodes',
  appetite: { processor: 1, memory: 20_000_000 },
  async run(process) {
    const listening = new TcpListening(process, relayPort, {}, async stream => stream.close())
    await process.stderr.write(
      'level=info msg="Starting server..." options="{peerTarget:hubble-peer.kube-system.svc.cluster.local.:443}"\n',
    )
    await untilAsked(process)
    listening.close()
    return 0
  },
}

/** Installs the relay, as `cilium hubble enable` does. */
export function installRelay(client: Client): void {
  ensure(client, serviceAccount, { metadata: { name: 'hubble-relay', namespace } })
  ensure(client, service, {
    metadata: { name: 'hubble-relay', namespace, labels },
    spec: {
      type: 'ClusterIP',
      selector: { 'k8s-app': 'hubble-relay' },
      ports: [{ protocol: 'TCP', port: 80, targetPort: 'grpc' }],
    },
  })
  ensure(client, deployment, {
    metadata: { name: 'hubble-relay', namespace, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: { 'k8s-app': 'hubble-relay' } },
      strategy: { rollingUpdate: { maxUnavailable: 1 }, type: 'RollingUpdate' },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: 'hubble-relay',
          containers: [
            {
              name: 'hubble-relay',
              image: relayImage,
              command: ['hubble-relay'],
              args: ['serve'],
              ports: [{ name: 'grpc', containerPort: relayPort }],
              readinessProbe: { tcpSocket: { port: relayPort } },
            },
          ],
        },
      },
    },
  })
}

/** Removes the relay, as `cilium hubble disable` does. */
export function removeRelay(client: Client): void {
  if (client.get(deployment, 'hubble-relay', namespace)) client.delete(deployment, 'hubble-relay', namespace)
  if (client.get(service, 'hubble-relay', namespace)) client.delete(service, 'hubble-relay', namespace)
  if (client.get(serviceAccount, 'hubble-relay', namespace)) client.delete(serviceAccount, 'hubble-relay', namespace)
}

/** All nodes, for the command on the learner's machine: through the relay, if a way there is open. */
// Simplified: flows are read from the nodes at once, and no packets carry them.
export function throughRelay(client: Client): FlowSource {
  return (process, isForwarding) => {
    const isReady = (client.get(deployment, 'hubble-relay', namespace)?.status?.availableReplicas ?? 0) > 0
    if (!isReady || !(isForwarding || isListening(process)))
      return `failed to connect to 'localhost:${relayPort}': connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:${relayPort}: connect: connection refused"`
    return [...process.machine.peers.values()].flatMap(machine => {
      const datapath = Datapath.of(machine.network)
      return datapath?.agent ? [datapath] : []
    })
  }
}

function isListening(process: Process): boolean {
  return process.network.sockets.list().some(({ state, local }) => state === 'LISTEN' && local.port === relayPort)
}
