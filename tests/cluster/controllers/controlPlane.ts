import { Clock } from '../../../src/simulator/clock.ts'
import { ApiServer } from '../../../src/simulator/cluster/apiserver/apiServer.ts'
import type { Client } from '../../../src/simulator/cluster/client.ts'
import { startControllers } from '../../../src/simulator/cluster/controllers/registry.ts'
import { event } from '../../../src/simulator/cluster/kinds/event.ts'
import { namespace } from '../../../src/simulator/cluster/kinds/namespace.ts'
import { node } from '../../../src/simulator/cluster/kinds/node.ts'
import { type Pod, pod } from '../../../src/simulator/cluster/kinds/pod.ts'
import { startScheduler } from '../../../src/simulator/cluster/scheduler/scheduler.ts'
import { Random } from '../../../src/simulator/random.ts'

export const epoch = Date.parse('2026-03-02T09:00:00Z')

/** A control plane without kubelets: pods start and end when the test says so. */
export interface TestPlane {
  readonly clock: Clock
  readonly apiServer: ApiServer
  readonly client: Client
  /** Advances the clock. */
  pass(milliseconds: number): void
  /** Names of pods with the label, in order. */
  podNames(labels?: string): string[]
  /** Makes scheduled pods run and be ready, and lets pods that are being deleted go. */
  runPods(): void
  /** Lets time pass while pods start and end by themselves. */
  settle(milliseconds?: number): void
  setPodStatus(name: string, status: Partial<Pod['status']>): void
  /** `reason: message` of every event about an object, with how often it happened when that is more than once. */
  eventsOf(name: string): string[]
}

export function startPlane(nodes: readonly string[] = ['node1', 'node2']): TestPlane {
  const clock = new Clock()
  const random = new Random('test')
  const apiServer = new ApiServer({ clock, random, epoch })
  const client = apiServer.client('admin')
  for (const name of ['default', 'kube-system', 'kube-node-lease'])
    client.create(namespace, { metadata: { name }, spec: { finalizers: ['kubernetes'] } })
  for (const name of nodes) addNode(client, name)
  const plane = {
    clock,
    random,
    epoch,
    rootCertificate: 'certificate',
    client: (user: string) => apiServer.client(user),
  }
  startControllers(plane)
  startScheduler(plane)
  let addresses = 1
  const timestamp = () => new Date(epoch + clock.now).toISOString().replace(/\.\d+Z$/, 'Z')

  const setPodStatus = (name: string, status: Partial<Pod['status']>) => {
    const found = client.get(pod, name, 'default')!
    client.updateStatus(pod, { ...found, status: { ...found.status, ...status } })
  }
  const runPods = () => {
    for (const found of client.list(pod, { namespace: 'default' })) {
      const { name, deletionTimestamp } = found.metadata
      if (deletionTimestamp) client.delete(pod, name, 'default', { gracePeriodSeconds: 0 })
      else if (found.spec.nodeName && !found.status.startTime && !found.status.containerStatuses)
        setPodStatus(name, {
          phase: 'Running',
          startTime: timestamp(),
          podIP: `10.244.${1 + (++addresses >> 8)}.${addresses & 255}`,
          conditions: [
            ...(found.status.conditions ?? []),
            { type: 'Ready', status: 'True', lastTransitionTime: timestamp() },
          ],
        })
    }
  }
  const pass = (milliseconds: number) => clock.advance(milliseconds)
  pass(100)
  return {
    clock,
    apiServer,
    client,
    pass,
    runPods,
    setPodStatus,
    podNames: labels =>
      client.list(pod, { namespace: 'default', ...(labels && { labels }) }).map(({ metadata }) => metadata.name),
    settle(milliseconds = 5000) {
      for (let passed = 0; passed < milliseconds; passed += 500) {
        pass(500)
        runPods()
      }
      pass(100)
    },
    eventsOf: name =>
      client
        .list(event, {})
        .filter(({ involvedObject }) => involvedObject.name === name)
        .map(({ reason, message, count }) => `${reason}: ${message}${(count ?? 1) > 1 ? ` (x${count})` : ''}`),
  }
}

function addNode(client: Client, name: string): void {
  client.create(node, {
    metadata: { name, labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' } },
    spec: {},
    status: { allocatable: { cpu: '2', memory: '4Gi', pods: '110' } },
  })
  const found = client.get(node, name)!
  client.updateStatus(node, {
    ...found,
    status: {
      allocatable: { cpu: '2', memory: '4Gi', pods: '110' },
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-03-02T09:00:00Z' }],
    },
  })
}
