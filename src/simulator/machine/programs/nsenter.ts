import type { NetworkNamespace } from '../../network/namespace.ts'
import { defineProgram } from '../options.ts'
import type { Process } from '../program.ts'

/** Runs a command in the namespaces of another process. */
export const nsenter = defineProgram({
  name: 'nsenter',
  summary: 'run program with namespaces of other processes',
  usage: '[options] [<program> [<argument>...]]',
  package: 'util-linux 2.38.1',
  operandsEndOptions: true,
  options: [
    { short: 'a', long: 'all', help: 'enter all namespaces' },
    { short: 't', long: 'target', value: 'pid', help: 'target process to get namespaces from' },
    { short: 'm', long: 'mount', value: '[file]', help: 'enter mount namespace' },
    { short: 'u', long: 'uts', value: '[file]', help: 'enter UTS namespace (hostname etc)' },
    { short: 'i', long: 'ipc', value: '[file]', help: 'enter System V IPC namespace' },
    { short: 'n', long: 'net', value: '[file]', help: 'enter network namespace' },
    { short: 'p', long: 'pid', value: '[file]', help: 'enter pid namespace' },
    { short: 'C', long: 'cgroup', value: '[file]', help: 'enter cgroup namespace' },
    { short: 'F', long: 'no-fork', help: "do not fork before exec'ing <program>" },
  ],
  notSimulated:
    '-U --user -T --time -S --setuid -G --setgid --preserve-credentials -r --root -w --wd -W --wdns -Z --follow-context',
  async run(process, args) {
    if (process.user.uid !== 0) return process.fail('reassociate to namespaces failed: Operation not permitted')
    const argv = args.operands.length > 0 ? args.operands : [process.env.get('SHELL') ?? '/bin/sh']
    const file = args.get('net')
    if (file !== undefined) {
      const network = namespaceOf(process, file)
      if (!network) return process.fail(`cannot open ${file}: No such file or directory`)
      return execute(process, argv, network)
    }
    const target = args.get('target')
    if (target === undefined) return process.fail('neither filename nor target pid supplied for ns/net')
    const found = process.machine.processes.get(Number(target))
    if (!found)
      return process.fail(
        `cannot open /proc/${target}/ns/${args.has('mount') ? 'mnt' : 'net'}: No such file or directory`,
      )
    const network = args.has('net') || args.has('all') ? found.network : process.network
    if (!args.has('mount') && !args.has('all')) return execute(process, argv, network)
    const { machine } = found
    const child = machine.start({ argv, network, descriptors: process.descriptors, terminal: null })
    const forget = process.onExit(() => child.kill('SIGKILL'))
    const status = await process.wait<number>(wake => void child.onExit(() => wake(child.status!)))
    forget()
    return status
  },
})

async function execute(process: Process, argv: readonly string[], network: NetworkNamespace): Promise<number> {
  const status = await process.call(argv, { network })
  if (status === 127) return process.fail(`failed to execute ${argv[0]}: No such file or directory`, 127)
  return status
}

/** `/var/run/netns/NAME` or `/proc/PID/ns/net`. */
function namespaceOf(process: Process, file: string): NetworkNamespace | undefined {
  const pid = /^\/proc\/(\d+)\/ns\/net$/.exec(file)?.[1]
  if (pid !== undefined) return process.machine.processes.get(Number(pid))?.network
  const name = /^\/(?:var\/)?run\/netns\/([^/]+)$/.exec(file)?.[1]
  const home = process.machine.network
  return home.network.namespaces.find(each => each.name === name && each.machine === home.machine && each !== home)
}
