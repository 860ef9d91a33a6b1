import type { Container as ContainerSpec } from 'kubernetes-types/core/v1'
import { FileSystem } from '../../machine/files.ts'
import { Machine } from '../../machine/machine.ts'
import type { Network } from '../../network/network.ts'
import type { Random } from '../../random.ts'
import type { Client } from '../client.ts'
import type { CniRequest, PortMapping } from '../cni/executables/executable.ts'
import {
  type CniExecutables,
  connect,
  disconnect,
  loadNetwork,
  type NetworkConfiguration,
} from '../cni/executables/runtime.ts'
import type { Pod } from '../kinds/pod.ts'
import { Container, type ContainerSettings } from './container.ts'
import type { StoredImage } from './imageCatalogue.ts'
import type { ImageStore } from './imageStore.ts'
import { Sandbox } from './sandbox.ts'

/** What the runtime keeps of one pod. */
export interface RuntimePod {
  readonly uid: string
  readonly namespace: string
  readonly name: string
  /** The newest last; older ones are gone. */
  sandboxes: Sandbox[]
  /** Of each name the newest last. */
  containers: Container[]
}

export interface RuntimeOptions {
  readonly node: Machine
  readonly network: Network
  readonly images: ImageStore
  readonly random: Random
  /** Reads and writes as a service account, `namespace:name`. */
  readonly clientOf: (account: string) => Client
  /** What /opt/cni/bin may hold. */
  readonly executables: CniExecutables
}

/** The container runtime of a node: sandboxes, containers and images. It goes on when the kubelet does not. */
export class Runtime {
  readonly node: Machine
  readonly images: ImageStore
  readonly pods = new Map<string, RuntimePod>()
  /** Whose a network namespace is or was, by its name. */
  readonly owners = new Map<string, Pick<RuntimePod, 'namespace' | 'name'>>()
  /** Called when a container or a sandbox has begun or ended. */
  onChange: (uid: string) => void = () => {}
  readonly #network: Network
  readonly #random: Random
  readonly #clientOf: RuntimeOptions['clientOf']
  readonly #executables: CniExecutables
  #configuration: NetworkConfiguration | undefined

  constructor(options: RuntimeOptions) {
    this.node = options.node
    this.images = options.images
    this.#network = options.network
    this.#random = options.random
    this.#clientOf = options.clientOf
    this.#executables = options.executables
  }

  /** The pod network, as long as the node has one: it is read from files. The last one takes pods off when they go. */
  get podNetwork(): NetworkConfiguration | undefined {
    const found = loadNetwork(this.node.files, this.#configuration)
    this.#configuration = found ?? this.#configuration
    return found
  }

  podOf(pod: Pod): RuntimePod {
    const { uid, name, namespace = '' } = pod.metadata
    let found = this.pods.get(uid)
    if (!found) {
      found = { uid, namespace, name, sandboxes: [], containers: [] }
      this.pods.set(uid, found)
    }
    return found
  }

  /** Makes what a pod's containers share and connects it to the network; throws `CniError`. */
  createSandbox(pod: Pod, hostname: string): Sandbox {
    const held = this.podOf(pod)
    const isHost = pod.spec.hostNetwork ?? false
    const network = isHost
      ? this.node.network
      : this.#network.createNamespace(`cni-${this.#random.uuid()}`, { machine: this.node.name })
    // Simplified: a capability of one container counts for the whole pod.
    if (!isHost && mayBindAnyPort(pod)) network.sysctl.set('net.ipv4.ip_unprivileged_port_start', '0')
    if (!isHost)
      for (const { name, value } of pod.spec.securityContext?.sysctls ?? [])
        network.sysctl.set(name.replaceAll('/', '.'), value)
    if (!isHost) this.owners.set(network.name, { namespace: held.namespace, name: held.name })
    const id = this.#random.hex(64)
    const attempt = (held.sandboxes.at(-1)?.attempt ?? -1) + 1
    let address: string | undefined
    if (!isHost) {
      try {
        address = this.#connect(pod, id, network)
      } catch (error) {
        network.remove()
        throw error
      }
    }
    const sharesProcesses = (pod.spec.shareProcessNamespace ?? false) && !pod.spec.hostPID
    const sandbox = new Sandbox({ id, node: this.node, network, hostname, attempt, sharesProcesses }, () =>
      this.onChange(held.uid),
    )
    sandbox.address = address
    held.sandboxes = [sandbox]
    this.onChange(held.uid)
    return sandbox
  }

  /** Ends what a pod's containers share. */
  stopSandbox(pod: Pod, sandbox: Sandbox): void {
    if (!sandbox.isReady) return
    sandbox.stop()
    if (!sandbox.ownsNetwork) return
    if (this.#configuration)
      disconnect(this.#configuration, this.#request(pod, sandbox.id, sandbox.network), this.#executables)
    sandbox.network.remove()
  }

  /** Gives the files of a new container, without its volumes. */
  createFiles(image: StoredImage, sandbox: Sandbox): FileSystem {
    const files = new FileSystem({ now: () => this.node.now(), image: image.root })
    for (const name of ['hosts', 'hostname', 'resolv.conf'])
      if (sandbox.files.exists(`/${name}`))
        files.mount(`/etc/${name}`, sandbox.files, { root: `/${name}`, source: '/dev/vda', type: 'ext4' })
    return files
  }

  /** A machine for a container. */
  createMachine(pod: Pod, spec: ContainerSpec, files: FileSystem, sandbox: Sandbox): Machine {
    const processesOf = this.#processesFor(pod, spec, sandbox)
    return new Machine({
      kernel: this.node.kernel,
      name: `${pod.metadata.namespace}/${pod.metadata.name}/${spec.name}`,
      hostname: sandbox.hostname,
      files,
      network: sandbox.network,
      parent: this.node,
      ...(processesOf === undefined ? {} : { processesOf }),
    })
  }

  /** Whose processes a container sees beside its own. */
  #processesFor(pod: Pod, spec: ContainerSpec, sandbox: Sandbox): Machine | undefined {
    if (pod.spec.hostPID) return this.node
    if (pod.spec.shareProcessNamespace) return sandbox.machine
    const target = (spec as { targetContainerName?: string }).targetContainerName
    return this.podOf(pod).containers.findLast(each => each.name === target && each.isRunning)?.settings.machine
  }

  newId(): string {
    return this.#random.hex(64)
  }

  createContainer(pod: Pod, settings: ContainerSettings): Container {
    const held = this.podOf(pod)
    const container = new Container(settings, () => this.onChange(held.uid))
    held.containers.push(container)
    return container
  }

  /** Forgets ended containers of a pod but the newest `keep` of each name. */
  removeOld(uid: string, keep: number): void {
    const held = this.pods.get(uid)
    if (!held) return
    const kept = new Map<string, number>()
    held.containers = held.containers
      .toReversed()
      .filter(container => {
        if (container.state !== 'exited') return true
        const count = (kept.get(container.name) ?? 0) + 1
        kept.set(container.name, count)
        container.isRemoved = count > keep
        return !container.isRemoved
      })
      .toReversed()
  }

  /** Forgets a pod with everything that is left of it. */
  removePod(uid: string): void {
    this.pods.delete(uid)
  }

  #connect(pod: Pod, id: string, network: CniRequest['namespace']): string | undefined {
    const configuration = this.podNetwork
    if (!configuration) throw new Error('a pod needs a network that its node does not have')
    const { addresses } = connect(configuration, this.#request(pod, id, network), this.#executables)
    return addresses[0]?.address.split('/')[0]
  }

  #request(pod: Pod, containerId: string, namespace: CniRequest['namespace']): CniRequest {
    const { uid, name, namespace: podNamespace = '' } = pod.metadata
    return {
      containerId,
      pod: { uid, name, namespace: podNamespace },
      interfaceName: 'eth0',
      namespace,
      host: this.node.network,
      node: this.node,
      files: this.node.files,
      random: this.#random,
      portMappings: portMappings(pod),
      clientOf: this.#clientOf,
    }
  }
}

function mayBindAnyPort({ spec }: Pod): boolean {
  return spec.containers.some(({ securityContext }) =>
    securityContext?.capabilities?.add?.some(capability => /^(NET_BIND_SERVICE|ALL)$/.test(capability)),
  )
}

function portMappings(pod: Pod): PortMapping[] {
  if (pod.spec.hostNetwork) return []
  return [...(pod.spec.initContainers ?? []), ...pod.spec.containers].flatMap(container =>
    (container.ports ?? []).flatMap(({ hostPort, containerPort, protocol = 'TCP', hostIP }) =>
      hostPort
        ? [
            {
              hostPort,
              containerPort,
              protocol: protocol.toLowerCase() as PortMapping['protocol'],
              ...(hostIP ? { hostIP } : {}),
            },
          ]
        : [],
    ),
  )
}
