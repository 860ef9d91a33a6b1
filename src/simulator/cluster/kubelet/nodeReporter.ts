import type { NodeCondition, NodeStatus } from 'kubernetes-types/core/v1'
import type { Timer } from '../../clock.ts'
import { lease } from '../kinds/lease.ts'
import { type Node, node } from '../kinds/node.ts'
import { jitter, type NodeWork } from './nodeWork.ts'

// nodeStatusUpdateFrequency, nodeStatusReportFrequency and a quarter of the lease's duration.
const checkTime = 10_000
const reportTime = 300_000
const renewTime = 10_000
const leaseSeconds = 40
const capacity = {
  cpu: '2',
  'ephemeral-storage': '264212084Ki',
  'hugepages-1Gi': '0',
  'hugepages-2Mi': '0',
  memory: '24684096Ki',
  pods: '110',
}
// What is left for pods: a tenth of the disk and 100 MiB of memory are kept back.
const allocatable = { ...capacity, 'ephemeral-storage': '243497856212', memory: '24581696Ki' }

/** Tells the cluster of its node: that it is there, how it is, and every ten seconds that it lives. */
export class NodeReporter {
  readonly #work: NodeWork
  #reportedAt = Number.NEGATIVE_INFINITY
  readonly #timers = new Map<string, Timer>()

  constructor(work: NodeWork) {
    this.#work = work
    this.#register()
    this.#every('status', checkTime, 0.04, () => this.#report())
    this.#every('lease', renewTime, 0, () => this.#renew())
    this.#work.runtime.images.onChange = () => this.#report()
  }

  stop(): void {
    for (const timer of this.#timers.values()) timer.cancel()
  }

  #every(name: string, period: number, spread: number, act: () => void): void {
    act()
    const again = () => {
      act()
      this.#timers.set(name, this.#work.clock.after(jitter(this.#work, period, spread), again))
    }
    this.#timers.set(name, this.#work.clock.after(period, again))
  }

  #register(): void {
    const { client, nodeName } = this.#work
    if (client.get(node, nodeName)) return
    this.#work.log('kubelet_node_status.go:75', `"Attempting to register node" node="${nodeName}"`)
    const created = client.create(node, {
      metadata: {
        name: nodeName,
        labels: {
          'beta.kubernetes.io/arch': 'amd64',
          'beta.kubernetes.io/os': 'linux',
          'kubernetes.io/arch': 'amd64',
          'kubernetes.io/hostname': nodeName,
          'kubernetes.io/os': 'linux',
        },
        annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
      },
      spec: {},
      status: this.#status(undefined),
    })
    this.#work.log('kubelet_node_status.go:78', `"Successfully registered node" node="${nodeName}"`)
    this.#reportedAt = this.#work.clock.now
    this.#tell(created, 'Starting', 'Starting kubelet.')
    for (const reason of ['NodeHasSufficientMemory', 'NodeHasNoDiskPressure', 'NodeHasSufficientPID'])
      this.#tell(created, reason, `Node ${nodeName} status is now: ${reason}`)
    this.#tell(created, 'NodeAllocatableEnforced', 'Updated Node Allocatable limit across pods')
  }

  #tell(about: Node, reason: string, message: string): void {
    // Events about nodes carry the name for the uid: kubelet.go, nodeRef.
    const { name } = about.metadata
    this.#work.record({ kind: 'Node', apiVersion: 'v1', name, uid: name }, 'Normal', reason, message)
  }

  /** Writes the node's status when it says something new, and every five minutes anyway. */
  #report(): void {
    const { client, nodeName, clock } = this.#work
    if (!this.#work.isConnected()) return
    const current = client.get(node, nodeName)
    if (!current) return
    const problem = this.#work.networkProblem()?.replace(/^container runtime network not ready: /, '')
    if (problem)
      this.#work.log('kubelet.go:3117', `"Container runtime network not ready" networkReady="${problem}"`, 'E')
    const status = this.#status(current)
    const isNews = !isSameStatus(current.status, status)
    if (!isNews && clock.now - this.#reportedAt < reportTime) return
    this.#reportedAt = clock.now
    const [before, after] = [current.status, status].map(
      ({ conditions = [] }) => conditions.find(each => each.type === 'Ready')?.status,
    )
    try {
      client.updateStatus(node, { ...current, status })
      const reason = after === 'True' ? 'NodeReady' : 'NodeNotReady'
      if (before !== after) this.#tell(current, reason, `Node ${nodeName} status is now: ${reason}`)
    } catch (error) {
      if (!client.isRefusal(error)) throw error
    }
  }

  #status(current: Node | undefined): NodeStatus {
    const { hostIP, nodeName, runtime } = this.#work
    return {
      ...current?.status,
      capacity: { ...current?.status.capacity, ...capacity },
      allocatable: { ...current?.status.capacity, ...current?.status.allocatable, ...allocatable },
      conditions: this.#conditions(current),
      addresses: [
        { type: 'InternalIP', address: hostIP },
        { type: 'Hostname', address: nodeName },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: this.#facts(),
      images: runtime.images.list().map(({ repository, digest, name, size }) => ({
        names: [`${repository}@${digest}`, name],
        sizeBytes: size,
      })),
      ...({ declaredFeatures } as object),
    }
  }

  #conditions(current: Node | undefined): NodeCondition[] {
    const now = this.#work.timestamp()
    const problem = this.#work.networkProblem()
    const own = [
      ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
      ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
      ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
      problem === undefined
        ? ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status']
        : ['Ready', 'False', 'KubeletNotReady', problem],
    ] as const
    const before = current?.status.conditions ?? []
    const conditions = own.map(([type, status, reason, message]) => {
      const old = before.find(each => each.type === type)
      const since = old?.status === status ? old.lastTransitionTime! : now
      return { type, status, lastHeartbeatTime: now, lastTransitionTime: since, reason, message }
    })
    return [...before.filter(each => !own.some(([type]) => type === each.type)), ...conditions]
  }

  #facts() {
    const { node: machine } = this.#work
    return {
      machineID: readLine(machine.files, '/etc/machine-id'),
      systemUUID: readLine(machine.files, '/etc/machine-id'),
      bootID: readLine(machine.files, '/proc/sys/kernel/random/boot_id'),
      kernelVersion: readLine(machine.files, '/proc/sys/kernel/osrelease'),
      osImage: 'Debian GNU/Linux 12 (bookworm)',
      containerRuntimeVersion: 'containerd://1.6.20',
      kubeletVersion: 'v1.36.3',
      kubeProxyVersion: '',
      operatingSystem: 'linux',
      architecture: 'amd64',
    }
  }

  /** Says that the node lives; the node lifecycle controller misses it after forty seconds. */
  #renew(): void {
    const { client, nodeName, node: machine } = this.#work
    if (!this.#work.isConnected()) return
    const renewed = { renewTime: new Date(machine.now()).toISOString().replace('Z', '000Z') }
    try {
      if (client.get(lease, nodeName, leases)) client.patch(lease, nodeName, leases, { spec: renewed })
      else {
        const owner = client.get(node, nodeName)
        client.create(lease, {
          metadata: {
            name: nodeName,
            namespace: leases,
            ...(owner
              ? { ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: nodeName, uid: owner.metadata.uid }] }
              : {}),
          },
          spec: { holderIdentity: nodeName, leaseDurationSeconds: leaseSeconds, ...renewed },
        })
      }
    } catch (error) {
      if (!client.isRefusal(error)) throw error
    }
  }
}

const leases = 'kube-node-lease'

const declaredFeatures = [
  'ExtendWebSocketsToKubelet',
  'InPlacePodLevelResourcesVerticalScaling',
  'InPlacePodVerticalScalingInitContainers',
  'RestartAllContainersOnContainerExits',
]

/** Whether two statuses say the same, heartbeats aside. */
function isSameStatus(one: NodeStatus, other: NodeStatus): boolean {
  const facts = ({ conditions = [], images = [] }: NodeStatus) =>
    JSON.stringify([
      conditions.map(({ type, status, reason, message }) => [type, status, reason, message]),
      images.map(image => image.names),
    ])
  return facts(one) === facts(other)
}

function readLine(files: NodeWork['node']['files'], path: string): string {
  return files.exists(path) ? files.readText(path).trim() : ''
}
