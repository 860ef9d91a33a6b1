import { makeDevices } from '../../machine/devices.ts'
import { FileSystem } from '../../machine/files.ts'
import type { DirectoryNode } from '../../machine/inode.ts'
import type { Kernel } from '../../machine/kernel.ts'
import { Machine } from '../../machine/machine.ts'
import type { Program } from '../../machine/program.ts'
import type { NetworkNamespace } from '../../network/namespace.ts'
import { Random } from '../../random.ts'
import { cniExecutables } from '../cni/executables/registry.ts'
import type { NodeDefinition } from '../definition.ts'
import { workstationName } from '../definition.ts'
import type { Programs } from '../images/image.ts'
import { layDebian } from '../images/layers/debian.ts'

/** A daemon that is there to be seen. */
const idle: Program = {
  name: 'daemon',
  summary: 'wait for ever',
  async run(process) {
    await process.wait<never>(() => {})
    return 0
  },
}

/** Makes the machines of a cluster; what they have in common is laid once. */
export class MachineRoom {
  readonly #kernel: Kernel
  readonly #epoch: number
  readonly #programs: Programs
  readonly #nodes: readonly NodeDefinition[]
  readonly #gateway: string
  readonly #root: DirectoryNode

  /** `gateway` is the address of the learner's machine, which leads out and answers questions for names. */
  constructor(kernel: Kernel, epoch: number, programs: Programs, nodes: readonly NodeDefinition[], gateway: string) {
    this.#kernel = kernel
    this.#epoch = epoch
    this.#programs = programs
    this.#nodes = nodes
    this.#gateway = gateway
    const files = this.#empty()
    layDebian(files, programs, {
      accounts: [{ name: 'learner', uid: 1000, home: '/home/learner', shell: '/bin/bash' }],
      commands: programs.commands,
    })
    if (!files.exists('/dev/null')) makeDevices(files, kernel)
    for (const path of [
      '/var/lib/kubelet',
      '/var/lib/containerd',
      '/run/containerd',
      '/etc/kubernetes',
      '/var/log/pods',
    ])
      files.mkdir(path, { parents: true })
    this.#root = files.freeze()
  }

  /** A machine that pods run on. */
  node(definition: NodeDefinition, network: NetworkNamespace): Machine {
    const files = this.#empty(this.#root)
    this.#layHost(files, definition.name)
    files.writeText('/etc/resolv.conf', `nameserver ${this.#gateway}\n`)
    files.mkdir('/opt/cni/bin', { parents: true })
    files.mkdir('/etc/cni/net.d', { parents: true })
    for (const { type } of cniExecutables) files.install(`/opt/cni/bin/${type}`, this.#programs.ofCluster('cni-plugin'))
    for (const [name, value] of [
      ['net.ipv4.ip_forward', '1'],
      ['net.bridge.bridge-nf-call-iptables', '1'],
    ] as const)
      network.sysctl.set(name, value)
    return this.#machine(definition.name, files, network)
  }

  /** A machine outside of the cluster. */
  server(name: string, network: NetworkNamespace): Machine {
    const files = this.#empty(this.#root)
    this.#layHost(files, name)
    files.writeText('/etc/resolv.conf', `nameserver ${this.#gateway}\n`)
    return this.#machine(name, files, network)
  }

  /** Furnishes the learner's machine, which is also the gateway of the others; it runs a shell already. */
  furnishWorkstation({ files }: Machine): void {
    files.beginWith(this.#root)
    this.#layHost(files, workstationName)
    files.writeText('/etc/resolv.conf', `nameserver ${this.#gateway}\n`)
    files.mkdir('/home/learner', { parents: true })
    files.chown('/home/learner', 1000, 1000)
  }

  #machine(name: string, files: FileSystem, network: NetworkNamespace): Machine {
    const machine = new Machine({ kernel: this.#kernel, name, files, network, flavour: 'gnu', epoch: this.#epoch })
    for (const command of ['/sbin/init', '/usr/sbin/sshd -D', '/usr/bin/containerd'])
      machine.start({ argv: command.split(' '), program: idle, terminal: null })
    return machine
  }

  #layHost(files: FileSystem, name: string): void {
    files.writeText('/etc/hostname', `${name}\n`)
    files.writeText('/etc/machine-id', `${new Random(`machine-id ${name}`).hex(32)}\n`)
    const hosts = [
      '127.0.0.1\tlocalhost',
      '::1\tlocalhost ip6-localhost ip6-loopback',
      `${this.#gateway}\t${workstationName}`,
      ...this.#nodes.map(node => `${node.address}\t${node.name}`),
    ]
    files.writeText('/etc/hosts', `${hosts.join('\n')}\n`)
  }

  #empty(image?: DirectoryNode): FileSystem {
    return new FileSystem({ now: () => this.#epoch + this.#kernel.clock.now, ...(image ? { image } : {}) })
  }
}
