import { Clock } from '../../src/simulator/clock.ts'
import type { ApiStream } from '../../src/simulator/cluster/client.ts'
import { Cluster } from '../../src/simulator/cluster/cluster.ts'
import { type ClusterDefinition, referenceCluster, workstationName } from '../../src/simulator/cluster/definition.ts'
import { deployment } from '../../src/simulator/cluster/kinds/deployment.ts'
import { event } from '../../src/simulator/cluster/kinds/event.ts'
import { type Pod, pod } from '../../src/simulator/cluster/kinds/pod.ts'
import { FileSystem } from '../../src/simulator/machine/files.ts'
import { Kernel } from '../../src/simulator/machine/kernel.ts'
import { defaultEpoch, Machine } from '../../src/simulator/machine/machine.ts'
import { TextSink } from '../../src/simulator/machine/streams.ts'
import { Network } from '../../src/simulator/network/network.ts'
import { Random } from '../../src/simulator/random.ts'

/** A booted cluster and what tests do with it. */
export class TestCluster {
  readonly cluster: Cluster
  readonly kernel: Kernel
  readonly network: Network

  private constructor(cluster: Cluster, kernel: Kernel, network: Network) {
    this.cluster = cluster
    this.kernel = kernel
    this.network = network
  }

  static async boot(changes: Partial<ClusterDefinition> = {}, seed = 1): Promise<TestCluster> {
    const random = new Random(seed)
    const kernel = new Kernel(new Clock(), random)
    const network = new Network(kernel.clock, random.fork('network'))
    const workstation = new Machine({
      kernel,
      name: workstationName,
      files: new FileSystem({ now: () => defaultEpoch + kernel.clock.now }),
      network: network.createNamespace(workstationName, { machine: workstationName }),
      epoch: defaultEpoch,
    })
    const definition = { ...referenceCluster, ...changes }
    const cluster = await Cluster.boot({ kernel, network, workstation, definition, epoch: defaultEpoch })
    return new TestCluster(cluster, kernel, network)
  }

  get client() {
    return this.cluster.client
  }

  async advance(seconds: number): Promise<void> {
    await this.kernel.advance(seconds * 1000)
  }

  /** Creates a pod with one container, or with the whole specification that is given. */
  createPod(name: string, spec: Partial<Pod['spec']> & { image?: string; command?: string[] }): Pod {
    const { image, command, ...rest } = spec
    const container = { name: 'c', image: image ?? 'busybox:1.36', ...(command ? { command } : {}) }
    return this.client.create(pod, {
      metadata: { name, namespace: 'default' },
      spec: { containers: [container], ...rest } as Pod['spec'],
    })
  }

  createDeployment(name: string, image: string, replicas = 1): void {
    this.client.create(deployment, {
      metadata: { name, namespace: 'default' },
      spec: {
        replicas,
        selector: { matchLabels: { app: name } },
        template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'c', image }] } },
      },
    })
  }

  pod(name: string, namespace = 'default'): Pod {
    const found = this.client.get(pod, name, namespace)
    if (!found) throw new Error(`no pod ${name}`)
    return found
  }

  /** `reason: message` of every event about an object. */
  eventsOf(name: string): string[] {
    return this.client
      .list(event, {})
      .filter(({ involvedObject }) => involvedObject.name === name)
      .map(({ reason, message }) => `${reason}: ${message}`)
  }

  podsOf(app: string): readonly Pod[] {
    return this.client.list(pod, { namespace: 'default', labels: { app } })
  }

  /** Runs a command in a container and gives what it printed and its exit status. */
  async exec(
    name: string,
    command: readonly string[],
    container?: string,
  ): Promise<{ status: number; output: string }> {
    const target = this.pod(name)
    const stream = this.cluster.apiServer.nodeProxy.get(target.spec.nodeName!)!.exec({
      namespace: 'default',
      pod: name,
      container: container ?? target.spec.containers[0]!.name,
      command,
      stdin: false,
      stdout: true,
      stderr: true,
      tty: false,
    })
    const { text, end } = await this.drain(stream)
    const result = end as { status: string; details?: { causes: { message: string }[] } }
    return { status: result.status === 'Success' ? 0 : Number(result.details?.causes[0]?.message), output: text }
  }

  /** What a container has logged. */
  async logs(name: string, container = 'c', changes: object = {}): Promise<string> {
    const target = this.pod(name)
    const stream = this.cluster.apiServer.nodeProxy.get(target.spec.nodeName!)!.logs({
      namespace: 'default',
      pod: name,
      container,
      follow: false,
      previous: false,
      timestamps: false,
      ...changes,
    })
    return (await this.drain(stream)).text
  }

  /** Runs a shell command on a machine. */
  async run(machine: string, command: string): Promise<{ status: number; output: string }> {
    let output = ''
    const sink = new TextSink(text => {
      output += text
    })
    const process = this.cluster.machines
      .get(machine)!
      .start({ argv: ['bash', '-c', command], stdout: sink, stderr: sink, terminal: null })
    await this.kernel.advance(120_000, () => process.status !== undefined)
    return { status: process.status ?? -1, output }
  }

  async drain(stream: ApiStream): Promise<{ text: string; end: unknown }> {
    let text = ''
    let isOver = false
    let end: unknown
    stream.onData((data, channel) => {
      if (channel < 3) text += data
    })
    stream.onEnd(status => {
      end = status
      isOver = true
    })
    await this.kernel.advance(120_000, () => isOver)
    return { text, end }
  }
}
