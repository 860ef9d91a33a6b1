import { load } from 'js-yaml'
import { Clock } from '../../../simulator/clock.ts'
import { Cluster } from '../../../simulator/cluster/cluster.ts'
import type { NetworkPlugin } from '../../../simulator/cluster/cni/plugin.ts'
import { referenceCluster, workstationName } from '../../../simulator/cluster/definition.ts'
import { namespace as namespaceKind } from '../../../simulator/cluster/kinds/namespace.ts'
import { type NetworkPolicy, networkPolicy } from '../../../simulator/cluster/kinds/networkPolicy.ts'
import { type Pod, pod as podKind } from '../../../simulator/cluster/kinds/pod.ts'
import { serviceAccount } from '../../../simulator/cluster/kinds/serviceAccount.ts'
import { FileSystem } from '../../../simulator/machine/files.ts'
import { Kernel } from '../../../simulator/machine/kernel.ts'
import { defaultEpoch, Machine } from '../../../simulator/machine/machine.ts'
import { parseIpv4 } from '../../../simulator/network/address.ts'
import type { NetworkNamespace } from '../../../simulator/network/namespace.ts'
import { Network } from '../../../simulator/network/network.ts'
import { Random } from '../../../simulator/random.ts'
import { OutsideMachines } from './outsideMachines.ts'
import { withAddresses } from './podAddresses.ts'
import { type Action, nameOf, type PolicyPod, type Protocol, type Stage, type Verdict } from './policyCase.ts'
import { answerProbes, type Probing, patience, probe } from './prober.ts'

const mark = { 'kubehop/case': 'pod' }
const image = 'registry.k8s.io/e2e-test-images/agnhost:2.53'
const nodes = ['node1', 'node2'] as const

/** A running cluster whose namespaces, pods and policies become those of one case after the other. */
export class PolicyCluster {
  readonly #plugin: NetworkPlugin
  readonly #cluster: Cluster
  readonly #kernel: Kernel
  readonly #network: Network
  readonly #outside: OutsideMachines
  /** Networks of pods by their UID. */
  readonly #networks = new Map<string, NetworkNamespace>()
  /** Which ports of which pod answer, as `protocol/port`. */
  readonly #answering = new Map<string, Set<string>>()
  #pods: readonly PolicyPod[] = []

  private constructor(plugin: NetworkPlugin, cluster: Cluster, kernel: Kernel, network: Network) {
    this.#plugin = plugin
    this.#cluster = cluster
    this.#kernel = kernel
    this.#network = network
    this.#outside = new OutsideMachines(network, cluster.nodes)
  }

  static async boot(plugin: NetworkPlugin): Promise<PolicyCluster> {
    const random = new Random(1)
    const kernel = new Kernel(new Clock(), random)
    const network = new Network(kernel.clock, random.fork('network'))
    network.trace.isOn = false
    const workstation = new Machine({
      kernel,
      name: workstationName,
      files: new FileSystem({ now: () => defaultEpoch + kernel.clock.now }),
      network: network.createNamespace(workstationName, { machine: workstationName }),
      epoch: defaultEpoch,
    })
    const definition = { ...referenceCluster, cni: { plugin: plugin.name } }
    const cluster = await Cluster.boot({ kernel, network, workstation, definition, epoch: defaultEpoch })
    return new PolicyCluster(plugin, cluster, kernel, network)
  }

  /** Makes the cluster what a case says, changing as little as that takes; gives how much had to be changed. */
  async set(stage: Stage): Promise<number> {
    const { client } = this.#cluster
    let changes = 0
    const inside = stage.pods.filter(({ external }) => !external)
    const wanted = new Map(inside.map(pod => [nameOf(pod), pod]))
    for (const found of client.list(podKind, { labels: mark })) {
      const name = nameOf({ namespace: found.metadata.namespace!, name: found.metadata.name })
      const pod = wanted.get(name)
      if (pod && signatureOf(pod) === found.metadata.annotations?.['kubehop/case']) continue
      await this.#deletePod(name)
      changes++
    }
    for (const [name, labels] of Object.entries(stage.namespaces)) changes += await this.#setNamespace(name, labels)
    for (const pod of inside) changes += this.#setPod(pod)
    this.#pods = stage.pods
    await this.#settle()
    for (const pod of stage.pods) if (pod.external) this.#outside.meet(pod)
    for (const pod of inside) this.#outside.leadTo(this.#pod(nameOf(pod)))
    changes += this.#setPolicies(stage.policies)
    await this.#kernel.advance(500)
    return changes
  }

  /** Applies the changes with which a case goes on; the pods that it then has are named as well. */
  async act(actions: readonly Action[], pods: readonly PolicyPod[]): Promise<void> {
    const { client } = this.#cluster
    this.#pods = pods
    for (const action of actions) {
      if (action.createNamespace) await this.#setNamespace(action.createNamespace.name, action.createNamespace.labels)
      if (action.setNamespaceLabels)
        await this.#setNamespace(action.setNamespaceLabels.name, action.setNamespaceLabels.labels)
      if (action.deleteNamespace) {
        client.delete(namespaceKind, action.deleteNamespace)
        await this.#kernel.advance(10_000)
      }
      for (const changed of [action.createPod, action.setPodLabels]) {
        const pod = changed && pods.find(each => nameOf(each) === nameOf(changed))
        if (pod) this.#setPod(pod)
      }
      if (action.deletePod) await this.#deletePod(action.deletePod)
      if (action.nslabel) await this.#setNamespace(...action.nslabel)
      if (action.deleteall) this.#setPolicies([])
      const policy = action.createPolicy ?? action.updatePolicy ?? action.create ?? action.update
      if (policy !== undefined) this.#writePolicy(this.#read(policy))
      if (action.deletePolicy) {
        const [namespace = '', name = ''] = action.deletePolicy.split('/')
        client.delete(networkPolicy, name, namespace)
      }
    }
    await this.#settle()
    await this.#kernel.advance(500)
  }

  /** Asks all questions at once, with real packets; gives those whose answer is another one. */
  async probe(verdicts: readonly Verdict[]): Promise<Verdict[]> {
    const ports = new Set(verdicts.map(({ protocol, port }) => `${protocol}/${port}`))
    for (const pod of this.#pods) this.#answer(pod, ports)
    const probes = verdicts.map((verdict): [Verdict, Probing] => [
      verdict,
      probe(this.#networkOf(verdict.from), verdict.protocol, this.#addressOf(verdict.to), verdict.port),
    ])
    await this.#kernel.advance(patience)
    const wrong = probes
      .filter(([{ allowed }, probing]) => probing.isAnswered() !== allowed)
      .map(([verdict]) => verdict)
    for (const [, probing] of probes) probing.end()
    await this.#kernel.advance(10)
    // As if much time had passed: what was asked before must not vouch for what is asked next.
    for (const { connections } of this.#network.namespaces) connections.flush()
    return wrong
  }

  /** Asks one question as a learner would: with a command in the pod. */
  async exec({ from, to, port, protocol }: Verdict): Promise<boolean> {
    const [namespace = '', pod = ''] = from.split('/')
    const stream = this.#cluster.apiServer.nodeProxy.get(this.#pod(from).spec.nodeName!)!.exec({
      namespace,
      pod,
      container: 'agnhost',
      command: [
        '/agnhost',
        'connect',
        `${this.#addressOf(to)}:${port}`,
        '--timeout=1s',
        `--protocol=${protocol.toLowerCase()}`,
      ],
      stdin: false,
      stdout: true,
      stderr: true,
      tty: false,
    })
    let end: { readonly status?: string } | undefined
    stream.onData(() => {})
    stream.onEnd(status => {
      end = (status ?? {}) as { status?: string }
    })
    await this.#kernel.advance(10_000, () => end !== undefined)
    return end?.status === 'Success'
  }

  async #setNamespace(name: string, labels: Readonly<Record<string, string>>): Promise<number> {
    const { client } = this.#cluster
    const found = client.get(namespaceKind, name)
    const wanted = { 'kubernetes.io/metadata.name': name, ...labels }
    if (!found) {
      client.create(namespaceKind, { metadata: { name, labels: wanted }, spec: { finalizers: ['kubernetes'] } })
      await this.#kernel.advance(10_000, () => client.get(serviceAccount, 'default', name) !== undefined)
      return 1
    }
    if (isSame(found.metadata.labels, wanted)) return 0
    client.update(namespaceKind, { ...found, metadata: { ...found.metadata, labels: wanted } })
    return 1
  }

  #setPod(pod: PolicyPod): number {
    const { client } = this.#cluster
    const { namespace, name, ip } = pod
    const labels = { ...pod.labels, ...mark }
    const found = client.get(podKind, name, namespace)
    if (found) {
      if (isSame(found.metadata.labels, labels)) return 0
      client.update(podKind, { ...found, metadata: { ...found.metadata, labels } })
      return 1
    }
    const annotations: Record<string, string> = { 'kubehop/case': signatureOf(pod) }
    if (this.#assignsAddresses) annotations['cni.projectcalico.org/ipAddrs'] = JSON.stringify([ip])
    client.create(podKind, {
      metadata: { name, namespace, labels, annotations },
      spec: {
        nodeName: nodes[parseIpv4(ip)! % nodes.length],
        terminationGracePeriodSeconds: 0,
        tolerations: [{ operator: 'Exists' }],
        containers: [
          {
            name: 'agnhost',
            image,
            args: ['pause'],
            ports: (pod.containers ?? []).map(({ port, protocol, portName }) => ({
              containerPort: port,
              protocol,
              ...(portName && { name: portName }),
            })),
          },
        ],
      } as Pod['spec'],
    })
    return 1
  }

  async #deletePod(key: string): Promise<void> {
    const [namespace = '', name = ''] = key.split('/')
    const { client } = this.#cluster
    client.delete(podKind, name, namespace, { gracePeriodSeconds: 0 })
    this.#answering.delete(key)
    await this.#kernel.advance(30_000, () => client.get(podKind, name, namespace) === undefined)
    await this.#kernel.advance(2_000)
  }

  #setPolicies(texts: readonly string[]): number {
    const { client } = this.#cluster
    const wanted = texts.map(text => this.#read(text))
    const names = new Set(wanted.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`))
    let changes = 0
    for (const { metadata } of client.list(networkPolicy, {})) {
      if (names.has(`${metadata.namespace}/${metadata.name}`)) continue
      client.delete(networkPolicy, metadata.name, metadata.namespace)
      changes++
    }
    for (const policy of wanted) changes += this.#writePolicy(policy)
    return changes
  }

  #read(text: string): NetworkPolicy {
    const policy = load(text) as NetworkPolicy
    policy.metadata.namespace ??= 'default'
    return this.#assignsAddresses ? policy : withAddresses(policy, this.#pods, pod => this.#addressOf(nameOf(pod)))
  }

  #writePolicy(policy: NetworkPolicy): number {
    const { client } = this.#cluster
    const { name, namespace } = policy.metadata
    const found = client.get(networkPolicy, name, namespace)
    if (!found) client.create(networkPolicy, policy)
    else {
      const written = client.update(networkPolicy, { ...found, spec: policy.spec })
      if (written.metadata.resourceVersion === found.metadata.resourceVersion) return 0
    }
    return 1
  }

  /** Whether pods can be given the very addresses of a case; else its policies are put into those that they have. */
  get #assignsAddresses(): boolean {
    return this.#plugin.name === 'calico'
  }

  #pod(key: string): Pod {
    const [namespace = '', name = ''] = key.split('/')
    const found = this.#cluster.client.get(podKind, name, namespace)
    if (!found) throw new Error(`there is no pod ${key}`)
    return found
  }

  #addressOf(key: string): string {
    const outside = this.#pods.find(pod => pod.external && nameOf(pod) === key)
    return outside?.ip ?? this.#pod(key).status.podIP!
  }

  #networkOf(key: string): NetworkNamespace {
    const outside = this.#outside.networkOf(key)
    if (outside) return outside
    const { metadata, spec, status } = this.#pod(key)
    const known = this.#networks.get(metadata.uid)
    if (known) return known
    const { nodeName } = spec
    const address = parseIpv4(status.podIP!)!
    const found = this.#network.namespaces.find(
      ({ machine, interfaces }) =>
        machine === nodeName && interfaces.some(({ addresses }) => addresses.some(each => each.address === address)),
    )
    if (!found) throw new Error(`${key} has no network`)
    this.#networks.set(metadata.uid, found)
    return found
  }

  /** Waits until every pod of the case runs. */
  async #settle(): Promise<void> {
    const isReady = (pod: PolicyPod) =>
      pod.external ||
      this.#pod(nameOf(pod)).status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True')
    await this.#kernel.advance(120_000, () => this.#pods.every(isReady))
    const late = this.#pods.find(pod => !isReady(pod))
    if (late) throw new Error(`${nameOf(late)} does not run`)
  }

  #answer(pod: PolicyPod, ports: ReadonlySet<string>): void {
    const key = nameOf(pod)
    const answering = this.#answering.get(key) ?? new Set<string>()
    this.#answering.set(key, answering)
    for (const text of ports) {
      if (answering.has(text)) continue
      answering.add(text)
      const [protocol, port] = text.split('/')
      answerProbes(this.#networkOf(key), protocol as Protocol, Number(port))
    }
  }
}

/** What of a pod cannot be changed while it runs. */
function signatureOf({ ip, containers = [] }: PolicyPod): string {
  return `${ip} ${containers.map(({ port, protocol, portName }) => `${protocol}/${port}/${portName ?? ''}`).join(' ')}`
}

function isSame(a: Readonly<Record<string, string>> | undefined, b: Readonly<Record<string, string>>): boolean {
  const sorted = (labels: Readonly<Record<string, string>> = {}) => JSON.stringify(Object.entries(labels).sort())
  return sorted(a) === sorted(b)
}
