import type { Kernel } from '../machine/kernel.ts'
import type { Machine } from '../machine/machine.ts'
import type { Process, Program } from '../machine/program.ts'
import type { Network } from '../network/network.ts'
import { keepBootstrapObjects } from './addons/bootstrap.ts'
import { createCoreDnsProgram } from './addons/dns/program.ts'
import { installAddons, optionalAddons } from './addons/registry.ts'
import { staticPodManifests } from './addons/staticPods.ts'
import { createUpstreamDns } from './addons/upstreamDns.ts'
import { ApiServer } from './apiserver/apiServer.ts'
import { daemons } from './boot/daemons.ts'
import { Lan } from './boot/lan.ts'
import { MachineRoom, workstationAddress } from './boot/machines.ts'
import { apiServerAddress, Pki } from './boot/pki.ts'
import { ProgramList } from './boot/programList.ts'
import { KubectlTransport } from './boot/transport.ts'
import type { Client, Transport } from './client.ts'
import type { NetworkOptions } from './cni/plugin.ts'
import { networkPlugins } from './cni/registry.ts'
import type { ControlPlane } from './controllers/controller.ts'
import { type ClusterDefinition, type NodeDefinition, workstationName } from './definition.ts'
import { controlPlaneImages, images, workerImages } from './images/registry.ts'
import { node as nodeKind } from './kinds/node.ts'
import { ImageCatalogue } from './kubelet/imageCatalogue.ts'
import { ImageStore } from './kubelet/imageStore.ts'
import { createKubelet } from './kubelet/kubelet.ts'
import { Runtime } from './kubelet/runtime.ts'
import { NodeStreams } from './kubelet/streams/nodeStreams.ts'

/** What a cluster is made of and where it stands in time. */
export interface ClusterOptions {
  readonly kernel: Kernel
  readonly network: Network
  /** The learner's machine, empty but for a shell: it is furnished and put on the LAN. */
  readonly workstation: Machine
  readonly definition: ClusterDefinition
  /** Milliseconds since 1970 at clock 0. */
  readonly epoch: number
}

/** Which machine or pod a network namespace belongs to. */
export interface NetworkPlace {
  readonly kind: 'pod' | 'node' | 'workstation'
  /** `namespace/name` of a pod, or a machine's name. */
  readonly name: string
}

const podRange = '10.244.0.0/16'
const serviceRange = '10.96.0.0/12'
const clusterDns = '10.96.0.10'
/** What the world outside of the LAN has for names. */
const outside = { 'example.com': '203.0.113.10' }
// A cluster that has just come up, and the quiet half hour after that.
const setUpTime = 30_000
const age = 1_800_000
const restTime = 10_000
/** How much simulated time a cluster has behind it when it has booted: milliseconds. */
export const bootTime = setUpTime + age + restTime

/** A Kubernetes cluster with the learner's workstation on the same LAN. */
export class Cluster {
  readonly apiServer: ApiServer
  /** Reads and writes as the administrator. */
  readonly client: Client
  /** The learner's machine. */
  readonly workstation: Machine
  readonly nodes: ReadonlyMap<string, Machine>
  /** Every machine by name, the workstation included. */
  readonly machines: ReadonlyMap<string, Machine>
  readonly #runtimes = new Map<string, Runtime>()

  private constructor(options: ClusterOptions) {
    const { kernel, network, definition, epoch } = options
    const { clock } = kernel
    const random = kernel.random.fork('cluster')
    this.apiServer = new ApiServer({ clock, random: random.fork('apiserver'), epoch })
    this.client = this.apiServer.client('kubernetes-admin')
    const pki = new Pki(random.fork('pki'), epoch)
    const plane: ControlPlane = {
      clock,
      random: random.fork('control plane'),
      epoch,
      rootCertificate: pki.rootPem,
      podRange,
      client: user => this.apiServer.client(user),
      sign: (request, duration) => pki.sign(request, epoch + clock.now, duration),
      ask: (user, request, receive) => {
        const answer = this.apiServer.request({ ...request, user })
        if (answer.later) answer.later(receive)
        else receive(answer)
      },
    }
    const plugin = pluginOf(definition)
    const clientOf = (account: string) => plane.client(`system:serviceaccount:${account}`)
    const addonParts = { clock, epoch, clientOf }
    const programs = new ProgramList(
      new Map<string, Program>([
        ...daemons({ kernel, apiServer: this.apiServer, plane, pki }),
        ...(plugin.programs?.(plane) ?? []),
        ['coredns', createCoreDnsProgram({ client: plane.client('system:serviceaccount:kube-system:coredns') })],
        ...optionalAddons.flatMap(addon => [...(addon.programs?.(addonParts) ?? [])]),
      ]),
    )
    const networkOptions = networkOptionsOf(definition)
    installAddons(this.client, {
      proxy: plugin.replacesKubeProxy ? undefined : definition.proxy,
      installNetwork: client => plugin.manifest?.(client, networkOptions),
      address: apiServerAddress,
      certificate: pki.rootPem,
      podRange,
      serviceRange,
      clusterDns,
      addons: definition.addons ?? [],
    })
    keepBootstrapObjects(this.client, clock, apiServerAddress, serviceRange)

    const lan = new Lan(network)
    const room = new MachineRoom(kernel, epoch, programs, definition.nodes)
    this.workstation = options.workstation
    lan.plugIn(workstationName, workstationAddress, this.workstation.network)
    room.furnishWorkstation(this.workstation)
    this.nodes = new Map(
      definition.nodes.map(node => [node.name, room.node(node, lan.plugIn(node.name, node.address))]),
    )
    this.machines = new Map([[workstationName, this.workstation], ...this.nodes])
    this.#layKubeconfigs(pki, definition.nodes)
    this.workstation.start({ argv: ['/usr/sbin/dnsmasq'], program: createUpstreamDns(outside), terminal: null })

    const addons = optionalAddons.filter(({ name }) => definition.addons?.includes(name))
    const commands = [plugin.commands?.(plane), ...addons.map(addon => addon.commands?.(addonParts))]
    for (const command of commands.flatMap(each => each ?? []))
      this.workstation.files.install(`/usr/local/bin/${command.name}`, command)
    const catalogue = new ImageCatalogue(
      [...images, ...[plugin, ...optionalAddons].flatMap(({ images = [] }) => images)],
      programs,
      kernel,
      epoch,
    )
    for (const node of definition.nodes) {
      const store = new ImageStore(catalogue)
      store.preload([...(node.isControlPlane ? controlPlaneImages : workerImages), ...(plugin.preloaded ?? [])])
      this.#startNode(node, options, store, clientOf)
    }
    plugin.install?.({ client: this.client, nodes: [...this.nodes.values()] }, networkOptions)
  }

  /** Boots a cluster; it is at rest, its nodes ready, when this resolves. */
  static async boot(options: ClusterOptions): Promise<Cluster> {
    const { kernel } = options
    const began = kernel.clock.now
    const cluster = new Cluster(options)
    // Kubelets renew their leases every ten seconds: the pause ends just before, so that nobody misses them.
    await kernel.advance(began + setUpTime - 1 - kernel.clock.now)
    kernel.clock.skip(age)
    await kernel.advance(restTime)
    return cluster
  }

  /** How kubectl, run by a process, reaches the server of its kubeconfig. */
  transport(process: Process, url: string): Transport {
    return new KubectlTransport(process, url, this.apiServer)
  }

  /** Whose network namespace it is; undefined for what belongs to nobody. */
  placeOf(machine: string, networkNamespace: string): NetworkPlace | undefined {
    if (machine === workstationName) return { kind: 'workstation', name: machine }
    if (networkNamespace === machine) return this.nodes.has(machine) ? { kind: 'node', name: machine } : undefined
    for (const pod of this.#runtimes.get(machine)?.pods.values() ?? [])
      if (pod.sandboxes.some(sandbox => sandbox.network.name === networkNamespace))
        return { kind: 'pod', name: `${pod.namespace}/${pod.name}` }
    return undefined
  }

  /** What is different from the images on every machine and container, as plain JSON. */
  snapshot(): unknown {
    return {
      machines: [...this.machines.values()].map(machine => machine.snapshot()),
      containers: [...this.#runtimes.values()].flatMap(runtime =>
        [...runtime.pods.values()].flatMap(pod =>
          pod.containers.map(container => ({
            id: container.id,
            state: container.state,
            log: container.log.lines.length,
            ...container.settings.machine.snapshot(),
          })),
        ),
      ),
    }
  }

  #startNode(
    definition: NodeDefinition,
    { kernel, network, epoch }: ClusterOptions,
    images: ImageStore,
    clientOf: (account: string) => Client,
  ): void {
    const { name, address, isControlPlane } = definition
    const machine = this.nodes.get(name)!
    const random = kernel.random.fork(`node ${name}`)
    const runtime = new Runtime({ node: machine, network, images, random: random.fork('runtime'), clientOf })
    this.#runtimes.set(name, runtime)
    const client = this.apiServer.client(`system:node:${name}`)
    this.apiServer.nodeProxy.set(name, new NodeStreams(client, runtime))
    if (isControlPlane) {
      machine.files.mkdir('/etc/kubernetes/manifests', { parents: true })
      const settings = { nodeName: name, address, podRange, serviceRange }
      for (const [file, text] of staticPodManifests(settings))
        machine.files.writeText(`/etc/kubernetes/manifests/${file}`, text, 0o600)
    }
    machine.start({
      argv: [
        '/usr/bin/kubelet',
        '--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf',
        '--kubeconfig=/etc/kubernetes/kubelet.conf',
        '--config=/var/lib/kubelet/config.yaml',
        `--node-ip=${address}`,
      ],
      program: createKubelet({
        client,
        runtime,
        random: random.fork('kubelet'),
        epoch,
        address,
        onRegistered: () => {
          if (isControlPlane) this.#markControlPlane(name)
          // In a small cluster kubelets may keep what they know of Secrets and ConfigMaps for no time at all.
          const annotations = { 'node.alpha.kubernetes.io/ttl': '0' }
          const ttl = this.apiServer.client('system:serviceaccount:kube-system:ttl-controller')
          ttl.patch(nodeKind, name, undefined, { metadata: { annotations } })
        },
      }),
      terminal: null,
    })
  }

  /** What kubeadm does once the first node is there: a role, and a taint that keeps pods away. */
  #markControlPlane(name: string): void {
    this.client.patch(nodeKind, name, undefined, {
      metadata: {
        labels: {
          'node-role.kubernetes.io/control-plane': '',
          'node.kubernetes.io/exclude-from-external-load-balancers': '',
        },
      },
      spec: { taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] },
    })
  }

  #layKubeconfigs(pki: Pki, nodes: readonly NodeDefinition[]): void {
    const admin = pki.kubeconfig('kubernetes-admin', 'O=kubeadm:cluster-admins, CN=kubernetes-admin')
    const lay = (machine: Machine, path: string, text: string, owner = 0) => {
      machine.files.mkdir(path.slice(0, path.lastIndexOf('/')), { parents: true })
      machine.files.writeText(path, text, 0o600)
      machine.files.chown(path, owner, owner)
    }
    lay(this.workstation, '/home/learner/.kube/config', admin, 1000)
    this.workstation.files.chown('/home/learner/.kube', 1000, 1000)
    for (const { name, isControlPlane } of nodes) {
      const machine = this.nodes.get(name)!
      lay(machine, '/home/learner/.kube/config', admin)
      lay(
        machine,
        '/etc/kubernetes/kubelet.conf',
        pki.kubeconfig(`system:node:${name}`, `O=system:nodes, CN=system:node:${name}`),
      )
      lay(machine, '/etc/kubernetes/pki/ca.crt', pki.rootPem)
      if (!isControlPlane) continue
      lay(machine, '/etc/kubernetes/admin.conf', admin)
      for (const part of ['controller-manager', 'scheduler'])
        lay(machine, `/etc/kubernetes/${part}.conf`, pki.kubeconfig(`system:kube-${part}`, `CN=system:kube-${part}`))
    }
  }
}

/** The pod network of a definition; where only one node is to be without any, the others get flannel. */
function pluginOf({ cni }: ClusterDefinition) {
  const name = cni.plugin === 'none' && cni.on !== undefined ? 'flannel' : cni.plugin
  const plugin = networkPlugins.find(each => each.name === name)
  if (!plugin)
    throw new Error(
      `network plugin ${name} is not simulated here (there are: ${networkPlugins.map(each => each.name).join(', ')})`,
    )
  return plugin
}

function networkOptionsOf(definition: ClusterDefinition): NetworkOptions {
  const { cni } = definition
  return {
    backend: cni.backend ?? pluginOf(definition).backends?.[0] ?? '',
    podRange,
    server: apiServerAddress,
    subnet: cni.subnet,
    without: cni.plugin === 'none' && cni.on !== undefined ? [cni.on] : [],
  }
}
