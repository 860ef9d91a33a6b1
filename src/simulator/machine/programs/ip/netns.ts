import { netnsNumber } from './linkText.ts'
import type { IpRun } from './run.ts'
import { IpError, type Words } from './words.ts'

/** `ip netns`: network namespaces by name, and commands in them. */
export async function ipNetns(run: IpRun, words: Words): Promise<number> {
  const command = words.take(
    'list',
    'show',
    'lst',
    'add',
    'delete',
    'exec',
    'identify',
    'pids',
    'help',
    'set',
    'monitor',
    'attach',
  )
  switch (command) {
    case undefined:
      if (!words.isAtEnd) throw new IpError(`Command "${words.peek}" is unknown, try "ip netns help".`)
      return list(run)
    case 'list':
    case 'show':
    case 'lst':
      return list(run)
    case 'exec':
      return execute(run, words)
    case 'add':
      return add(run, words)
    case 'delete': {
      const network = run.namespaceCalled(words.next())
      network.remove()
      return 0
    }
    case 'identify': {
      const name = run.process.network.name
      if (run.process.network !== run.process.machine.network) await run.print(name)
      return 0
    }
    case 'pids': {
      const network = run.namespaceCalled(words.next())
      for (const [pid, process] of run.process.machine.processes)
        if (process.network === network) await run.print(String(pid))
      return 0
    }
    case 'help':
      throw new IpError(
        'Usage: ip netns { list | add NAME | delete NAME | exec NAME cmd … | identify [PID] | pids NAME }',
      )
    default:
      throw new IpError(`ip: "ip netns ${command}" is not simulated here`, 1)
  }
}

async function list(run: IpRun): Promise<number> {
  const home = run.process.machine.network
  for (const network of run.namedNamespaces()) {
    const hasCable = home.interfaces.some(
      link => 'peer' in link && (link.peer as { namespace: unknown }).namespace === network,
    )
    await run.print(`${network.name}${hasCable ? ` (id: ${netnsNumber(home, network)})` : ''}`)
  }
  return 0
}

async function execute(run: IpRun, words: Words): Promise<number> {
  const name = words.takeExactly('-all', '-a')
  if (name) throw new IpError('ip: "ip netns exec -all" is not simulated here', 1)
  const network = run.namespaceCalled(words.next())
  const argv = words.rest()
  if (argv.length === 0) throw new IpError('No command specified')
  run.demandRoot()
  const status = await run.process.call(argv, { network })
  if (status === 127) throw new IpError(`exec of "${argv[0]}" failed: No such file or directory`)
  return status
}

function add(run: IpRun, words: Words): number {
  const name = words.next()
  run.demandRoot()
  if (run.namedNamespaces().some(each => each.name === name))
    throw new IpError(`Cannot create namespace file "/var/run/netns/${name}": File exists`, 1)
  const network = run.process.network.network.createNamespace(name, { machine: run.process.network.machine })
  // Nobody has set its loopback interface up yet.
  network.interface('lo')?.down()
  return 0
}
