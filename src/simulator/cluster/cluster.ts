import type { Kernel } from '../machine/kernel.ts'
import type { Machine } from '../machine/machine.ts'
import type { Process, Program } from '../machine/program.ts'
import { Unit } from '../machine/unit.ts'
import type { NetworkNamespace } from '../network/namespace.ts'
import type { Network } from '../network/network.ts'
import { keepBootstrapObjects } from './addons/bootstrap.ts'
import { createCoreDnsProgram } from './addons/dns/program.ts'
import { sites } from './addons/internet/sites.ts'
import { accessLog, createWebServer } from './addons/internet/webServer.ts'
import { zone } from './addons/internet/zone.ts'
import { Internet } from './addons/internet.ts'
import type { OptionalAddon } from './addons/optional.ts'
import { installAddons, optionalAddons, usualAddons } from './addons/registry.ts'
import { staticPodManifests } from './addons/staticPods.ts'
import { createUpstreamDns } from './addons/upstreamDns.ts'
import { ApiServer } from './apiserver/apiServer.ts'
import { daemons } from './boot/daemons.ts'
import { bringAbout } from './boot/faults.ts'
import { Lan } from './boot/lan.ts'
import { MachineRoom } from './boot/machines.ts'
import { Pki } from './boot/pki.ts'
import { ProgramList } from './boot/programList.ts'
import { KubectlTransport } from './boot/transport.ts'
import type { Client, Transport } from './client.ts'
import { cniExecutables } from './cni/executables/registry.ts'
import type { CniExecutables } from './cni/executables/runtime.ts'
import type { NetworkOptions, NetworkPlugin } from './cni/plugin.ts'
import { networkPlugins } from './cni/registry.ts'
import type { ControlPlane } from './controllers/controller.ts'
import { type ClusterDefinition, lanAddress, type NodeDefinition, workstationName } from './definition.ts'
import { controlPlaneImages, images, workerImages } from './images/registry.ts'
import { node as nodeKind } from './kinds/node.ts'
import { pod as podKind } from './kinds/pod.ts'
import { createCrictl } from './kubelet/crictl.ts'
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

/** The parts of a cluster whose code is loaded on demand. */
interface ClusterParts {
  readonly plugin: NetworkPlugin
  /** What is installed besides. */
  readonly addons: readonly OptionalAddon[]
  /** Those, and others whose images may be run. */
  readonly known: readonly OptionalAddon[]
}

/** What a node gets from its cluster. */
interface NodeParts {
  readonly images: ImageStore
  readonly clientOf: (account: string) => Client
  readonly executables: CniExecutables
  readonly lan: Lan
  readonly podRange: string
}

/** Which machine or pod a network namespace belongs to. */
export interface NetworkPlace {
  readonly kind: 'pod' | 'node' | 'workstation'
  /** `namespace/name` of a pod, or a machine's name. */
  readonly name: string
}

/** Where someone sends from. */
export interface NetworkPosition {
  readonly network: NetworkNamespace
  /** Undefined while no container of the pod runs. */
  readonly machine: Machine | undefined
}

const usualPodRange = '10.244.0.0/16'
const serviceRange = '10.96.0.0/12'
const clusterDns = '10.96.0.10'
// A cluster that has just come up, and the quiet half hour after that.
const setUpTime = 30_000
const age = 1_800_000
const restTime = 10_000
// Of the half hour, so much passes with the faults of the lab: long enough for the cluster to have noticed them.
const faultTime = 60_000
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

  private constructor(options: ClusterOptions, { plugin, addons, known }: ClusterParts) {
    const { kernel, network, definition, epoch } = options
    const { clock } = kernel
    const random = kernel.random.fork('cluster')
    const gateway = lanAddress(definition.lan, 1)
    const server = definition.nodes.find(({ isControlPlane }) => isControlPlane)!.address
    this.apiServer = new ApiServer({ clock, random: random.fork('apiserver'), epoch, address: server })
    this.client = this.apiServer.client('kubernetes-admin')
    const pki = new Pki(random.fork('pki'), epoch, server)
    const podRange = plugin.podRange ?? usualPodRange
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
    const clientOf = (account: string) => plane.client(`system:serviceaccount:${account}`)
    const machine = (name: string, host: number): Machine =>
      room.server(name, lan.plugIn(name, lanAddress(definition.lan, host)))
    const addonParts = { clock, epoch, clientOf, ask: plane.ask!, machine }
    const programs = new ProgramList(
      new Map<string, Program>([
        ...daemons({ kernel, apiServer: this.apiServer, plane, pki }),
        ...(plugin.programs?.(plane) ?? []),
        ['coredns', createCoreDnsProgram({ client: plane.client('system:serviceaccount:kube-system:coredns') })],
        ...known.flatMap(addon => [...(addon.programs?.(addonParts) ?? [])]),
      ]),
    )
    const networkOptions = networkOptionsOf(definition, plugin, server)
    installAddons(this.client, {
      proxy: plugin.replacesKubeProxy ? undefined : definition.proxy,
      installNetwork: client => plugin.manifest?.(client, networkOptions),
      address: server,
      certificate: pki.rootPem,
      podRange,
      serviceRange,
      clusterDns,
      addons,
    })
    keepBootstrapObjects(this.client, clock, server, serviceRange)

    const lan = new Lan(network, definition.lan, gateway)
    const room = new MachineRoom(kernel, epoch, programs, definition.nodes, gateway)
    this.workstation = options.workstation
    lan.plugIn(workstationName, gateway, this.workstation.network)
    room.furnishWorkstation(this.workstation)
    this.nodes = new Map(
      definition.nodes.map(node => [node.name, room.node(node, lan.plugIn(node.name, node.address))]),
    )
    this.machines = new Map([
      [workstationName, this.workstation],
      ...this.nodes,
      ...this.#connectInternet(network, room),
    ])
    this.#layKubeconfigs(pki, definition.nodes)
    this.workstation.start({ argv: ['/usr/sbin/dnsmasq'], program: createUpstreamDns(zone), terminal: null })

    const commands = [plugin.commands?.(plane), ...addons.map(addon => addon.commands?.(addonParts))]
    for (const command of commands.flatMap(each => each ?? []))
      this.workstation.files.install(`/usr/local/bin/${command.name}`, command)
    const catalogue = new ImageCatalogue(
      [...images, ...[plugin, ...known].flatMap(({ images = [] }) => images)],
      programs,
      kernel,
      epoch,
      gateway,
    )
    const executables: CniExecutables = new Map(
      [...cniExecutables, ...(plugin.executables ?? [])].map(each => [each.type, each]),
    )
    for (const node of definition.nodes) {
      const store = new ImageStore(catalogue)
      store.preload([...(node.isControlPlane ? controlPlaneImages : workerImages), ...(plugin.preloaded ?? [])])
      this.#startNode(node, options, { images: store, clientOf, executables, lan, podRange })
    }
    plugin.install?.({ client: this.client, nodes: [...this.nodes.values()] }, networkOptions)
  }

  /** Boots a cluster; it is at rest, its nodes ready, when this resolves. */
  static async boot(options: ClusterOptions): Promise<Cluster> {
    const { kernel } = options
    const began = kernel.clock.now
    const cluster = new Cluster(options, await loadParts(options.definition))
    // Kubelets renew their leases every ten seconds: the pause ends just before, so that nobody misses them.
    await kernel.advance(began + setUpTime - 1 - kernel.clock.now)
    const { faults = [] } = options.definition
    kernel.clock.skip(age - (faults.length > 0 ? faultTime : 0))
    if (faults.length > 0) {
      const complaints = bringAbout(faults, { client: cluster.client, machines: cluster.machines })
      await kernel.advance(faultTime)
      if (complaints.length > 0) throw new Error(complaints.join('\n'))
    }
    await kernel.advance(restTime)
    return cluster
  }

  /** How kubectl, run by a process, reaches the server of its kubeconfig. */
  transport(process: Process, url: string): Transport {
    return new KubectlTransport(process, url, this.apiServer)
  }

  /** Whose network namespace it is, or was; undefined for what belongs to nobody. */
  placeOf(machine: string, networkNamespace: string): NetworkPlace | undefined {
    if (machine === workstationName) return { kind: 'workstation', name: machine }
    if (networkNamespace === machine) return this.nodes.has(machine) ? { kind: 'node', name: machine } : undefined
    const owner = this.#runtimes.get(machine)?.owners.get(networkNamespace)
    return owner && { kind: 'pod', name: `${owner.namespace}/${owner.name}` }
  }

  /** From where a place sends: its network, and the machine whose files say how names are looked up there. */
  positionOf({ kind, name }: Pick<NetworkPlace, 'name'> & { readonly kind: string }): NetworkPosition | undefined {
    if (kind !== 'pod') {
      const machine = this.machines.get(name)
      return machine && { network: machine.network, machine }
    }
    // One of the same name may still be ending: the pod that the API server knows comes before it.
    const [namespace, podName = ''] = name.split('/', 2)
    const current = this.client.get(podKind, podName, namespace)?.metadata.uid
    const pods = [...this.#runtimes.values()]
      .flatMap(runtime => [...runtime.pods.values()])
      .filter(pod => `${pod.namespace}/${pod.name}` === name)
      .sort((one, other) => Number(other.uid === current) - Number(one.uid === current))
    for (const pod of pods) {
      const network = pod.sandboxes.findLast(({ isReady }) => isReady)?.network
      if (network)
        return { network, machine: pod.containers.findLast(({ state }) => state === 'running')?.settings.machine }
    }
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
    { kernel, network, epoch, definition: cluster }: ClusterOptions,
    { images, clientOf, executables, lan, podRange }: NodeParts,
  ): void {
    const { name, address, isControlPlane } = definition
    const machine = this.nodes.get(name)!
    const random = kernel.random.fork(`node ${name}`)
    const runtime = new Runtime({
      node: machine,
      network,
      images,
      random: random.fork('runtime'),
      clientOf,
      executables,
    })
    this.#runtimes.set(name, runtime)
    machine.files.install('/usr/local/bin/crictl', createCrictl(runtime))
    const client = this.apiServer.client(`system:node:${name}`)
    const server = cluster.nodes.find(node => node.isControlPlane)?.name ?? name
    // Simplified: a kubelet reaches the API server as long as both machines' cables are up; no rule stops it.
    const isConnected = () => name === server || lan.joins(name, server)
    const dialFailure = () => {
      if (!isConnected()) return 'connect: no route to host'
      return machine.units.get('kubelet.service')?.process ? undefined : 'connect: connection refused'
    }
    this.apiServer.nodeProxy.set(name, new NodeStreams(client, runtime, dialFailure))
    if (isControlPlane) {
      machine.files.mkdir('/etc/kubernetes/manifests', { parents: true })
      const settings = { nodeName: name, address, podRange, serviceRange }
      for (const [file, text] of staticPodManifests(settings))
        machine.files.writeText(`/etc/kubernetes/manifests/${file}`, text, 0o600)
    }
    const unit = new Unit(machine, {
      name: 'kubelet.service',
      description: 'kubelet: The Kubernetes Node Agent',
      documentation: 'https://kubernetes.io/docs/',
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
        isConnected,
        onRegistered: () => {
          if (isControlPlane) this.#markControlPlane(name)
          // In a small cluster kubelets may keep what they know of Secrets and ConfigMaps for no time at all.
          const annotations = { 'node.alpha.kubernetes.io/ttl': '0' }
          const ttl = this.apiServer.client('system:serviceaccount:kube-system:ttl-controller')
          ttl.patch(nodeKind, name, undefined, { metadata: { annotations } })
        },
      }),
    })
    machine.units.set(unit.name, unit)
    unit.start()
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

  /** Puts the learner's machine, and with it the LAN, on the internet; the answer is the servers there. */
  #connectInternet(network: Network, room: MachineRoom): [name: string, machine: Machine][] {
    const internet = new Internet(network)
    internet.connect(this.workstation.network)
    return sites.map(site => {
      const machine = room.server(site.name, internet.place(site))
      machine.files.mkdir(accessLog.slice(0, accessLog.lastIndexOf('/')), { parents: true })
      machine.files.writeText(accessLog, '')
      machine.start({ argv: ['nginx', '-g', 'daemon off;'], program: createWebServer(site), terminal: null })
      return [site.name, machine]
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

/** Loads the code of what a definition asks for; where only one node is to be without a pod network, the others get flannel. */
async function loadParts({ cni, addons = [] }: ClusterDefinition): Promise<ClusterParts> {
  const name = cni.plugin === 'none' && cni.on !== undefined ? 'flannel' : cni.plugin
  const load = networkPlugins[name]
  if (!load)
    throw new Error(
      `network plugin ${name} is not simulated here (there are: ${Object.keys(networkPlugins).join(', ')})`,
    )
  const known: OptionalAddon[] = []
  for (const [name, load] of Object.entries(optionalAddons))
    if (addons.includes(name) || usualAddons.includes(name)) known.push(await load())
  return { plugin: await load(), known, addons: known.filter(({ name }) => addons.includes(name)) }
}

function networkOptionsOf({ cni }: ClusterDefinition, plugin: NetworkPlugin, server: string): NetworkOptions {
  return {
    backend: cni.backend ?? plugin.backends?.[0] ?? '',
    podRange: cni.podRange ?? plugin.podRange ?? usualPodRange,
    server,
    subnet: cni.subnet,
    without: cni.plugin === 'none' && cni.on !== undefined ? [cni.on] : [],
  }
}
