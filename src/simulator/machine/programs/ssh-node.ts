import { FileError } from '../fileError.ts'
import type { Process, Program } from '../program.ts'

/** Runs a command on one of the cluster's machines as root, word by word as it is given. */
export const sshNode: Program = {
  name: 'ssh-node',
  summary: 'run a command on a machine of the cluster',
  usage: 'NODE COMMAND [ARGUMENT]...',
  complete: (process, words) => (words.length <= 2 ? [...process.machine.peers.keys()] : []),
  async run(process) {
    const [name, ...argv] = process.argv.slice(1)
    if (name === undefined || argv.length === 0) return process.fail('usage: ssh-node NODE COMMAND [ARGUMENT]...', 2)
    const machine = process.machine.peers.get(name)
    if (!machine) return process.fail(`no machine is called ${name}: ${[...process.machine.peers.keys()].join(', ')}`)
    const { root } = machine.users
    const env = new Map([...machine.environment(root), ['USER', root.name], ['PWD', root.home]])
    let child: Process
    try {
      const { descriptors } = process
      child = machine.start({ argv, env, cwd: root.home, user: root, descriptors, terminal: null })
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      return process.fail(`${argv[0]}: ${error.code === 'ENOENT' ? 'command not found' : error.text}`, 127)
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.onSignal(signal, () => child.kill(signal))
    const forget = process.onExit(() => child.kill('SIGKILL'))
    const status = await process.wait<number>(wake => void child.onExit(() => wake(child.status!)))
    forget()
    return status
  },
}
