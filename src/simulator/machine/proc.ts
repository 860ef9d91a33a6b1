import { Random } from '../random.ts'
import { FileError } from './fileError.ts'
import { FileSystem } from './files.ts'
import type { FileTree } from './fileTree.ts'
import type { DirectoryNode, Entries, Inode } from './inode.ts'
import type { Machine } from './machine.ts'
import type { Process } from './program.ts'

/** The kernel that every machine runs. */
export const kernelRelease = '6.18.44-fc-v595'

/** What a directory under /proc holds: a text made when it is read, a setting, a link or another directory. */
type Item =
  | { readonly kind: 'text'; readonly read: () => string }
  | { readonly kind: 'setting'; readonly read: () => string; readonly write: (text: string) => void }
  | { readonly kind: 'link'; readonly target: () => string }
  | Folder

interface Folder {
  readonly kind: 'folder'
  readonly names: () => Iterable<string>
  readonly item: (name: string) => Item | undefined
}

/** Makes /proc appear on a machine: its processes, its kernel and its network settings. */
export function mountProc(machine: Machine): void {
  if (!machine.files.isDirectory('/proc')) return
  const files = new FileSystem({ now: () => machine.now() })
  files.tree.root.entries = new FolderEntries(files.tree, topFolder(machine))
  files.tree.root.mode = 0o555
  machine.files.mount('/proc', files, { source: 'proc', type: 'proc' })
}

/** Names that are made up from a folder when they are asked for. */
class FolderEntries implements Entries {
  readonly #tree: FileTree
  readonly #folder: Folder

  constructor(tree: FileTree, folder: Folder) {
    this.#tree = tree
    this.#folder = folder
  }

  get(name: string): Inode | undefined {
    const item = this.#folder.item(name)
    return item && nodeOf(this.#tree, item)
  }

  keys(): Iterable<string> {
    return this.#folder.names()
  }

  get size(): number {
    return [...this.keys()].length
  }

  set(name: string): never {
    throw new FileError('EPERM', name)
  }

  delete(name: string): never {
    throw new FileError('EPERM', name)
  }
}

function nodeOf(tree: FileTree, item: Item): Inode {
  const common = (mode: number) => tree.ownership(mode, 0, 0)
  switch (item.kind) {
    case 'text':
      return { kind: 'file', ...common(0o444), text: '', generate: item.read }
    case 'setting':
      return { kind: 'file', ...common(0o644), text: '', generate: item.read, accept: item.write }
    case 'link':
      return { kind: 'link', ...common(0o777), target: item.target() }
    case 'folder': {
      const directory: DirectoryNode = tree.directory(0o555, 0, 0, new FolderEntries(tree, item))
      return directory
    }
  }
}

function folder(items: Readonly<Record<string, Item>>): Folder {
  return { kind: 'folder', names: () => Object.keys(items), item: name => items[name] }
}

function text(read: () => string): Item {
  return { kind: 'text', read }
}

function topFolder(machine: Machine): Folder {
  const own = folder({
    cmdline: text(() => 'BOOT_IMAGE=/vmlinuz root=/dev/vda ro console=ttyS0\n'),
    cpuinfo: text(() => [0, 1].map(processor).join('')),
    filesystems: text(() => 'nodev\tproc\nnodev\ttmpfs\nnodev\toverlay\n\text4\n'),
    loadavg: text(() => `0.00 0.00 0.00 1/${machine.processes.size} ${Math.max(0, ...machine.processes.keys())}\n`),
    meminfo: text(() => memory),
    mounts: text(() => mountLines(machine)),
    sys: folder({ kernel: kernelFolder(machine), net: settings(machine, 'net') }),
    uptime: text(() => `${uptime(machine)} ${uptime(machine)}\n`),
    version: text(() => `Linux version ${kernelRelease} (root@build) (gcc (Debian 12.2.0-14) 12.2.0) #1 SMP\n`),
  })
  return {
    kind: 'folder',
    names: () => [...[...machine.processes.keys()].map(String), ...own.names()],
    item: name => {
      const process = /^\d+$/.test(name) ? machine.processes.get(Number(name)) : undefined
      return process ? processFolder(machine, process) : own.item(name)
    },
  }
}

/** Simplified: of /proc/PID there are the files that shells and ps read; /proc/self stands only for descriptors. */
function processFolder(machine: Machine, process: Process): Folder {
  return folder({
    cmdline: text(() => process.commandLine.map(word => `${word}\0`).join('')),
    comm: text(() => `${process.comm}\n`),
    cwd: { kind: 'link', target: () => process.cwd },
    environ: text(() => [...process.env].map(([name, value]) => `${name}=${value}\0`).join('')),
    mounts: text(() => mountLines(process.machine)),
    status: text(() => statusOf(machine, process)),
  })
}

function statusOf(machine: Machine, process: Process): string {
  const state = process.state === 'stopped' ? 'T (stopped)' : 'S (sleeping)'
  const { uid, gid } = process.user
  const parent = process.parent ? (machine.pidOf(process.parent) ?? 0) : 0
  const lines = [
    `Name:\t${process.comm}`,
    `Umask:\t${process.umask.toString(8).padStart(4, '0')}`,
    `State:\t${state}`,
    `Tgid:\t${machine.pidOf(process)}`,
    `Pid:\t${machine.pidOf(process)}`,
    `PPid:\t${parent}`,
    `Uid:\t${uid}\t${uid}\t${uid}\t${uid}`,
    `Gid:\t${gid}\t${gid}\t${gid}\t${gid}`,
  ]
  return `${lines.join('\n')}\n`
}

function kernelFolder(machine: Machine): Folder {
  return folder({
    hostname: text(() => `${machine.hostname}\n`),
    osrelease: text(() => `${kernelRelease}\n`),
    ostype: text(() => 'Linux\n'),
    pid_max: text(() => '4194304\n'),
    random: folder({
      boot_id: text(() => `${new Random(`boot ${hostOf(machine).name}`).uuid()}\n`),
      uuid: text(() => `${machine.kernel.random.uuid()}\n`),
    }),
  })
}

/** Settings of the network namespace as directories: `net.ipv4.ip_forward` is net/ipv4/ip_forward. */
function settings(machine: Machine, prefix: string): Folder {
  const { sysctl } = machine.network
  const start = `${prefix}.`
  const names = () =>
    new Set([...sysctl.keys()].filter(key => key.startsWith(start)).map(key => key.slice(start.length).split('.')[0]!))
  return {
    kind: 'folder',
    names,
    item: name => {
      const key = start + name
      if (key === 'net.netfilter.nf_conntrack_count')
        return text(() => `${machine.network.connections.list().length}\n`)
      if (sysctl.has(key)) {
        const write = (value: string) => void sysctl.set(key, value.trim())
        return { kind: 'setting', read: () => `${sysctl.get(key)}\n`, write }
      }
      return names().has(name) ? settings(machine, key) : undefined
    },
  }
}

/** The machine whose kernel this is. */
function hostOf(machine: Machine): Machine {
  return machine.parent ? hostOf(machine.parent) : machine
}

function mountLines(machine: Machine): string {
  const root = machine.parent ? 'overlay / overlay rw,relatime 0 0\n' : '/dev/vda / ext4 rw,relatime 0 0\n'
  const others = [...machine.files.mounts].map(
    ({ path, source, type, isReadOnly }) => `${source} ${path} ${type} ${isReadOnly ? 'ro' : 'rw'},relatime 0 0\n`,
  )
  return root + others.join('')
}

function uptime(machine: Machine): string {
  return ((machine.kernel.clock.now - machine.bootTime) / 1000).toFixed(2)
}

function processor(number: number): string {
  return `processor\t: ${number}\nvendor_id\t: GenuineIntel\nmodel name\t: Intel(R) Xeon(R) Processor\ncpu cores\t: 2\n\n`
}

const memory = `MemTotal:       24624256 kB
MemFree:        20971520 kB
MemAvailable:   22020096 kB
Buffers:          131072 kB
Cached:          1048576 kB
SwapTotal:             0 kB
SwapFree:              0 kB
`
