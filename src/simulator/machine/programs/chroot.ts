import { FileError } from '../fileError.ts'
import type { Machine } from '../machine.ts'
import { defineProgram } from '../options.ts'
import type { Process } from '../program.ts'
import { runFailure } from '../runInstead.ts'

const forwarded = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT']

/** Runs a command with another directory as its root. Simplified: only where a machine's whole root is mounted. */
export const chroot = defineProgram({
  name: 'chroot',
  summary: 'run command or interactive shell with special root directory',
  package: 'GNU coreutils 9.1',
  usage: 'NEWROOT [COMMAND [ARG]...]',
  options: [],
  notSimulated: '--groups --userspec --skip-chdir',
  operandsEndOptions: true,
  usageStatus: 125,
  busybox: { usage: 'NEWROOT [PROG ARGS]' },
  async run(process, args) {
    args.demandOperands(1)
    const [root = '/', ...command] = args.operands
    if (process.user.uid !== 0) return failToEnter(process, root, 'Operation not permitted')
    let place: string
    try {
      place = process.files.realPath(process.path(root))
      process.files.list(place)
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      return failToEnter(process, root, error.text)
    }
    const machine = machineAt(process, place)
    if (!machine) return process.fail('a root directory that is not the root of a machine is not simulated here', 125)
    const argv = command.length > 0 ? command : [process.env.get('SHELL') ?? '/bin/sh', '-i']
    return runOn(machine, process, argv)
  },
})

function failToEnter(process: Process, root: string, why: string): Promise<number> {
  const words =
    process.flavour === 'busybox'
      ? `can't change root directory to '${root}'`
      : `cannot change root directory to '${root}'`
  return process.fail(`${words}: ${why}`, process.flavour === 'busybox' ? 1 : 125)
}

/** The machine whose root directory appears at a path. */
function machineAt({ machine, files }: Process, path: string): Machine | undefined {
  if (path === '/') return machine
  const mount = [...files.mounts].find(each => each.path === path && each.root === '/')
  let owner = mount && machine.parent
  while (owner && owner.files.tree !== mount?.tree) owner = owner.parent
  return owner
}

/** Runs a command over there, in this network and on this terminal, and passes signals on to it. */
async function runOn(machine: Machine, process: Process, argv: readonly string[]): Promise<number> {
  const { network, descriptors, terminal = null, user, env, group } = process
  let child: Process
  try {
    child = machine.start({ argv, cwd: '/', env, user, network, descriptors, terminal, group })
  } catch (error) {
    if (!(error instanceof FileError)) throw error
    const [message, status] = runFailure(process, argv[0]!, error)
    return process.fail(process.flavour === 'busybox' ? message : `failed to run command ${message}`, status)
  }
  const forget = process.onExit(() => child.kill('SIGKILL'))
  for (const signal of forwarded) process.onSignal(signal, () => child.kill(signal))
  const status = await process.wait<number>(wake => void child.onExit(() => wake(child.status!)))
  forget()
  return status
}
