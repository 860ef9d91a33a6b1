import { workstationName } from './cluster/definition.ts'
import type { Ran } from './grading/world.ts'
import { FileSystem } from './machine/files.ts'
import type { Kernel } from './machine/kernel.ts'
import { Machine } from './machine/machine.ts'
import type { Process, Program, User } from './machine/program.ts'
import { bash } from './machine/shell/bash.ts'
import { Interpreter } from './machine/shell/interpreter.ts'
import { TextSink, TextSource } from './machine/streams.ts'
import { Terminal } from './machine/terminal.ts'
import type { Network } from './network/network.ts'

const home = '/home/learner'

/** What bash does first when someone sits down. */
const startFile = `PS1='\\u@\\h:\\w\\$ '
alias k=kubectl
alias ll='ls -l'
`

/**
 * The learner's machine: a terminal with bash, a second bash for commands without one, and, once the cluster is there,
 * files and kubectl.
 */
export class Workstation {
  readonly machine: Machine
  #user: User
  #terminal: Terminal | undefined
  #shell: Process | undefined
  #listeners = new Set<(text: string) => void>()
  #commands: CommandRunner | undefined

  /** A machine with a home directory and nothing else: enough for a prompt. */
  constructor(kernel: Kernel, network: Network, epoch: number) {
    const files = new FileSystem({ now: () => epoch + kernel.clock.now })
    this.machine = new Machine({
      kernel,
      name: workstationName,
      files,
      network: network.createNamespace(workstationName, { machine: workstationName }),
      flavour: 'gnu',
      epoch,
      firstPid: 401,
    })
    this.#user = { uid: 1000, gid: 1000, name: 'learner', home }
    files.mkdir(home, { parents: true })
    files.writeText(`${home}/.bashrc`, startFile)
  }

  /** Puts what the learner works with on the machine, once it is furnished. */
  equip(
    files: Readonly<Record<string, string>>,
    commands: readonly Program[],
    peers: ReadonlyMap<string, Machine>,
  ): void {
    const { machine } = this
    this.#user = machine.users.byName('learner') ?? this.#user
    machine.peers = peers
    for (const command of commands) machine.files.install(`/usr/local/bin/${command.name}`, command)
    this.save('.bashrc', startFile)
    for (const [path, text] of Object.entries(files)) this.save(path, text)
    this.#commands = new CommandRunner(machine, this.#user)
  }

  /** True while bash waits for a command. */
  get isPrompting(): boolean {
    return !this.#shell || this.#terminal?.foreground === this.#shell.group
  }

  open(columns: number, rows: number): void {
    if (this.#terminal) return this.resize(columns, rows)
    const terminal = new Terminal(this.machine.kernel, { columns, rows })
    this.#terminal = terminal
    terminal.onOutput(text => {
      for (const listener of this.#listeners) listener(text)
    })
    this.#login()
  }

  input(text: string): void {
    this.#terminal?.input(text)
  }

  resize(columns: number, rows: number): void {
    this.#terminal?.resize(columns, rows)
  }

  onOutput(listener: (text: string) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  save(path: string, text: string): void {
    const files = this.machine.files.as(this.#user)
    const target = `${home}/${path}`
    files.mkdir(target.slice(0, target.lastIndexOf('/')), { parents: true })
    files.writeText(target, text)
  }

  /** Text files of the home directory, hidden ones aside, by path. */
  files(): { path: string; text: string }[] {
    const files = this.machine.files.as(this.#user)
    const below = (folder: string): { path: string; text: string }[] =>
      files
        .list(folder)
        .filter(name => !name.startsWith('.'))
        .flatMap(name => {
          const path = `${folder}/${name}`
          const { kind } = files.stat(path)
          if (kind === 'directory') return below(path)
          return kind === 'file' ? [{ path: path.slice(home.length + 1), text: files.readText(path) }] : []
        })
    return below(home)
  }

  run(command: string): RunningCommand {
    if (!this.#commands) throw new Error('unreachable: the workstation is not equipped')
    return this.#commands.run(command)
  }

  /** A shell that ends is followed by a new one, as a terminal window that is opened again. */
  #login(): void {
    this.#shell = this.machine.start({
      argv: ['bash'],
      program: bash,
      user: this.#user,
      cwd: home,
      env: environment(),
      terminal: this.#terminal!,
      descriptors: new Map([0, 1, 2].map(number => [number, this.#terminal!])),
      group: 'new',
    })
    this.#shell.onExit(() => this.#login())
  }
}

function environment(): Map<string, string> {
  return new Map([
    ['HOME', home],
    ['USER', 'learner'],
    ['LOGNAME', 'learner'],
    ['SHELL', '/bin/bash'],
    ['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    ['KUBECONFIG', `${home}/.kube/config`],
    ['LANG', 'C.UTF-8'],
    ['TERM', 'xterm-256color'],
  ])
}

/** A command without a terminal, while it runs. */
export interface RunningCommand {
  readonly isOver: boolean
  readonly result: Ran
  /** Ends it from outside after so many milliseconds. */
  stop(after: number): Ran
}

/** One bash that keeps its variables and directory from command to command, and hands each one's output out apart. */
class CommandRunner {
  readonly #machine: Machine
  readonly #user: User
  #wake: ((command: string) => void) | undefined
  #waiting: string[] = []
  #process: Process
  #current: Collected | undefined

  constructor(machine: Machine, user: User) {
    this.#machine = machine
    this.#user = user
    this.#process = this.#start()
  }

  run(command: string): RunningCommand {
    const collected = new Collected(after => {
      this.#process.kill('SIGKILL')
      this.#process = this.#start()
      collected.stderr += `kubehop: stopped after ${after / 1000} simulated seconds\n`
      collected.finish(124)
    })
    this.#current = collected
    if (this.#wake) this.#wake(command)
    else this.#waiting.push(command)
    this.#wake = undefined
    return collected
  }

  #start(): Process {
    return this.#machine.start({
      argv: ['bash'],
      program: { name: 'bash', summary: bash.summary, run: process => this.#loop(process) },
      user: this.#user,
      cwd: home,
      env: environment(),
      terminal: null,
      stdin: new TextSource(''),
      stdout: new TextSink(text => {
        if (this.#current) this.#current.stdout += text
      }),
      stderr: new TextSink(text => {
        if (this.#current) this.#current.stderr += text
      }),
      group: 'new',
    })
  }

  async #loop(process: Process): Promise<number> {
    const interpreter = new Interpreter(process, { name: 'bash' })
    for (;;) {
      const command = this.#waiting.shift() ?? (await process.wait<string>(wake => (this.#wake = wake)))
      const status = await interpreter.run(command)
      this.#current?.finish(status)
    }
  }
}

class Collected implements RunningCommand {
  stdout = ''
  stderr = ''
  isOver = false
  #status = 0
  readonly #stop: (after: number) => void

  constructor(stop: (after: number) => void) {
    this.#stop = stop
  }

  get result(): Ran {
    return { stdout: this.stdout, stderr: this.stderr, status: this.#status }
  }

  finish(status: number): void {
    this.#status = status
    this.isOver = true
  }

  stop(after: number): Ran {
    this.#stop(after)
    return this.result
  }
}
