import { Clock } from '../../src/simulator/clock.ts'
import { makeDevices } from '../../src/simulator/machine/devices.ts'
import { FileSystem } from '../../src/simulator/machine/files.ts'
import { Kernel } from '../../src/simulator/machine/kernel.ts'
import { defaultEpoch, Machine } from '../../src/simulator/machine/machine.ts'
import type { Process, Program } from '../../src/simulator/machine/program.ts'
import { ash } from '../../src/simulator/machine/shell/ash.ts'
import { bash } from '../../src/simulator/machine/shell/bash.ts'
import { dash } from '../../src/simulator/machine/shell/dash.ts'
import { TextSink, TextSource } from '../../src/simulator/machine/streams.ts'
import { Network } from '../../src/simulator/network/network.ts'
import { Random } from '../../src/simulator/random.ts'

/** A machine with shells, a few users and an empty home directory. */
export class World {
  readonly clock = new Clock()
  readonly random = new Random(1)
  readonly kernel = new Kernel(this.clock, this.random)
  readonly files = new FileSystem({ now: () => defaultEpoch + this.clock.now })
  readonly machine: Machine

  constructor(programs: readonly Program[] = [], options: { readonly busybox?: boolean } = {}) {
    const { files } = this
    for (const directory of ['/tmp', '/root', '/home/learner', '/etc', '/usr/bin'])
      files.mkdir(directory, { parents: true })
    files.chmod('/tmp', 0o1777)
    files.chown('/home/learner', 1000, 1000)
    files.symlink('usr/bin', '/bin')
    files.writeText('/etc/passwd', 'root:x:0:0:root:/root:/bin/bash\nlearner:x:1000:1000::/home/learner:/bin/bash\n')
    files.writeText('/etc/group', 'root:x:0:\nlearner:x:1000:\n')
    makeDevices(files, this.kernel)
    if (!options.busybox) files.install('/usr/bin/bash', bash)
    files.install('/usr/bin/sh', options.busybox ? ash : dash)
    for (const program of programs) {
      files.install(`/usr/bin/${program.name}`, program, { flavour: options.busybox ? 'busybox' : 'gnu' })
    }
    this.machine = new Machine({
      kernel: this.kernel,
      name: 'lab',
      files,
      network: new Network(this.clock, this.random).createNamespace('lab', { machine: 'lab' }),
      flavour: options.busybox ? 'busybox' : 'gnu',
      firstPid: 100,
    })
  }

  /** Starts a command of the learner and lets it run to its end, or for some seconds. */
  async run(
    argv: readonly string[],
    options: { readonly stdin?: string; readonly seconds?: number } = {},
  ): Promise<Ran> {
    let stdout = ''
    let stderr = ''
    const process = this.machine.start({
      argv,
      user: this.machine.users.byName('learner')!,
      cwd: '/home/learner',
      env: new Map([
        ['PATH', '/usr/bin:/bin'],
        ['HOME', '/home/learner'],
      ]),
      stdin: new TextSource(options.stdin ?? ''),
      stdout: new TextSink(text => {
        stdout += text
      }),
      stderr: new TextSink(text => {
        stderr += text
      }),
      terminal: null,
    })
    await this.kernel.advance((options.seconds ?? 60) * 1000, () => process.state === 'ended')
    return { stdout, stderr, status: process.status, process }
  }
}

/** What a command left behind. */
export interface Ran {
  readonly stdout: string
  readonly stderr: string
  readonly status: number | undefined
  readonly process: Process
}
