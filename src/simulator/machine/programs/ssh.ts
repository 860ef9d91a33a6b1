import { FileError } from '../fileError.ts'
import type { Machine } from '../machine.ts'
import { defineProgram } from '../options.ts'
import type { Process, Spawn } from '../program.ts'
import { rawMode, Terminal } from '../terminal.ts'

/** Opens a shell on another machine, or runs a command there. */
// Simplified: nothing travels over the network, and every known machine lets everybody in as root.
export const ssh = defineProgram({
  name: 'ssh',
  summary: 'OpenSSH remote login client',
  usage: '[-46AaCfGgKkMNnqsTtVvXxYy] [-p port] [-i identity_file] [-l login_name] destination [command [argument ...]]',
  usageStatus: 255,
  operandsEndOptions: true,
  options: [
    { short: '4', help: 'use IPv4 addresses only' },
    { short: 'i', value: 'identity_file', help: 'the key to log in with' },
    { short: 'l', value: 'login_name', help: 'the user to log in as' },
    { short: 'n', help: 'redirect stdin from /dev/null' },
    { short: 'o', value: 'option', help: 'options in the format of the configuration file' },
    { short: 'p', value: 'port', help: 'port to connect to on the remote host' },
    { short: 'q', help: 'quiet mode' },
    { short: 't', help: 'force pseudo-terminal allocation' },
    { short: 'T', help: 'disable pseudo-terminal allocation' },
    { short: 'v', help: 'verbose mode' },
  ],
  notSimulated:
    '-6 -A -a -B -b -C -c -D -E -e -F -f -G -g -I -J -K -k -L -M -m -N -O -P -Q -R -S -s -V -W -w -X -x -Y -y',
  complete: (process, words) => (words.length <= 2 ? [...process.machine.peers.keys()] : []),
  async run(process, args) {
    const [destination, ...words] = args.operands
    if (destination === undefined) {
      await process.stderr.write('usage: ssh [-p port] [-l login_name] destination [command [argument ...]]\n')
      return 255
    }
    const [, login, name = ''] = /^(?:ssh:\/\/)?(?:([^@]*)@)?(.*)$/.exec(destination)!
    const machine = process.machine.peers.get(name) ?? byAddress(process, name)
    if (!machine) return process.fail(`Could not resolve hostname ${name}: Name or service not known`, 255)
    const userName = args.get('l') ?? login ?? 'root'
    const user = machine.users.byName(userName)
    if (!user) {
      await process.stderr.write(`${userName}@${name}: Permission denied (publickey).\n`)
      return 255
    }
    const wantsTerminal = !args.has('T') && (args.has('t') || words.length === 0) && process.terminal !== undefined
    const shell = user.shell ?? '/bin/sh'
    const argv = words.length === 0 ? [`-${shell.replace(/^.*\//, '')}`] : [shell, '-c', words.join(' ')]
    const env = new Map([
      ...machine.environment(user),
      ['USER', user.name],
      ['LOGNAME', user.name],
      ['SHELL', shell],
      ['PWD', user.home],
    ])
    const executable = machine.files.program(shell)
    if (!executable) {
      await process.stderr.write(`${shell}: No such file or directory\n`)
      return 127
    }
    const command: Spawn = { argv, env, user, cwd: user.home, program: executable.program }
    if (!wantsTerminal)
      return remote(process, machine, { ...command, descriptors: process.descriptors, terminal: null })
    return overTerminal(process, machine, command, name, words.length === 0)
  },
})

function byAddress(process: Process, text: string): Machine | undefined {
  for (const machine of process.machine.peers.values()) {
    const addresses = machine.network.interfaces.flatMap(link => link.addresses)
    if (addresses.some(each => [24, 16, 8, 0].map(shift => (each.address >>> shift) & 255).join('.') === text))
      return machine
  }
  return undefined
}

/** Runs a command on a machine to its end; it ends with the program that asked for it. */
async function remote(process: Process, machine: Machine, command: Spawn): Promise<number> {
  let child: Process
  try {
    child = machine.start(command)
  } catch (error) {
    if (!(error instanceof FileError)) throw error
    await process.stderr.write(`${command.argv[0]}: command not found\n`)
    return 127
  }
  const forget = process.onExit(() => child.kill('SIGHUP'))
  const status = await process.wait<number>(wake => void child.onExit(() => wake(child.status!)))
  forget()
  return status
}

/** Joins the local terminal to one on the other machine: keys go there as they are, and what it shows comes back. */
async function overTerminal(
  process: Process,
  machine: Machine,
  command: Spawn,
  name: string,
  isLogin: boolean,
): Promise<number> {
  const local = process.terminal!
  const far = new Terminal(process.kernel, { columns: local.columns, rows: local.rows })
  const mode = local.mode
  const restore = process.onExit(() => {
    local.setMode(mode)
    far.hangUp()
  })
  local.setMode(rawMode)
  process.onSignal('SIGWINCH', () => far.resize(local.columns, local.rows))
  far.onOutput(text => local.put(text))
  process.thread(async () => {
    for (let keys = await process.stdin.read(); keys !== undefined; keys = await process.stdin.read()) far.input(keys)
    far.hangUp()
  })
  const env = new Map([...(command.env ?? []), ['TERM', process.env.get('TERM') ?? 'xterm-256color']])
  const descriptors = new Map([0, 1, 2].map(number => [number, far] as const))
  const status = await remote(process, machine, { ...command, env, terminal: far, descriptors })
  restore()
  local.setMode(mode)
  if (isLogin || process.argv.includes('-t')) await process.stderr.write(`Connection to ${name} closed.\n`)
  return status
}
