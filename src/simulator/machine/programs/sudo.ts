import { findCommand } from '../executable.ts'
import { FileError } from '../fileError.ts'
import { type Arguments, defineProgram } from '../options.ts'
import type { Process, User } from '../program.ts'

const securePath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

// Simplified: everybody who has sudo may do everything, and is never asked for a password.
/** Runs a command as root or as somebody else. */
export const sudo = defineProgram({
  name: 'sudo',
  summary: 'execute a command as another user',
  package: 'sudo 1.9.13p3',
  usage: '[-ABbEHkKnPS] [-u user] [VAR=value] [-i|-s] [command [arg]...]',
  options: [
    { short: 'E', long: 'preserve-env', value: '[list]', help: 'preserve user environment when running command' },
    { short: 'H', long: 'set-home', help: "set HOME variable to target user's home dir" },
    { short: 'i', long: 'login', help: 'run login shell as the target user; a command may also be specified' },
    { short: 'k', long: 'reset-timestamp', help: 'invalidate timestamp file' },
    { short: 'K', long: 'remove-timestamp', help: 'remove timestamp file completely' },
    { short: 'l', long: 'list', help: "list user's privileges or check a specific command" },
    { short: 'n', long: 'non-interactive', help: 'non-interactive mode, no prompts are used' },
    { short: 'S', long: 'stdin', help: 'read password from standard input' },
    { short: 's', long: 'shell', help: 'run shell as the target user; a command may also be specified' },
    { short: 'u', long: 'user', value: 'user', help: 'run command (or edit file) as specified user name or ID' },
    { short: 'g', long: 'group', value: 'group', help: 'run command as the specified group name or ID' },
    { short: 'v', long: 'validate', help: "update user's timestamp without running a command" },
  ],
  notSimulated:
    '-A --askpass -b --background -B --bell -C --close-from -D --chdir -e --edit -h --host -P --preserve-groups -p --prompt -R --chroot -r --role -t --type -T --command-timeout -U --other-user',
  operandsEndOptions: true,
  async run(process, args) {
    const target = userOf(process, args.get('user') ?? 'root')
    if (!target) {
      const name = args.get('user')!
      await process.stderr.write(`sudo: unknown user ${name}\nsudo: error initializing audit plugin sudoers_audit\n`)
      return 1
    }
    const words = [...args.operands]
    const settings: string[] = []
    while (/^[A-Za-z_]\w*=/.test(words[0] ?? '')) settings.push(words.shift()!)
    if (args.has('list')) {
      const { hostname } = process.machine
      await process.write(
        `User ${process.user.name} may run the following commands on ${hostname}:\n    (ALL : ALL) NOPASSWD: ALL\n`,
      )
      return 0
    }
    const isShell = args.has('shell') || args.has('login')
    if (words.length === 0 && !isShell) {
      if (args.has('validate') || args.has('reset-timestamp') || args.has('remove-timestamp')) return 0
      await process.stderr.write(
        'usage: sudo -h | -K | -k | -V\nusage: sudo -v [-ABkNnS] [-g group] [-h host] [-p prompt] [-u user]\nusage: sudo -l [-ABkNnS] [-g group] [-h host] [-p prompt] [-U user] [-u user] [command [arg ...]]\nusage: sudo [-ABbEHkNnPS] [-r role] [-t type] [-C num] [-D directory] [-g group] [-h host] [-p prompt] [-R directory] [-T timeout] [-u user] [VAR=value] [-i | -s] [command [arg ...]]\nusage: sudo -e [-ABkNnS] [-r role] [-t type] [-C num] [-D directory] [-g group] [-h host] [-p prompt] [-R directory] [-T timeout] [-u user] file ...\n',
      )
      return 1
    }
    return start(process, args, target, words, settings)
  },
})

function userOf({ machine: { users } }: Process, name: string): User | undefined {
  if (name === 'root') return users.root
  return users.byName(name) ?? (/^#\d+$/.test(name) ? users.withId(Number(name.slice(1))) : undefined)
}

async function start(
  process: Process,
  args: Arguments,
  user: User,
  words: readonly string[],
  settings: readonly string[],
): Promise<number> {
  const env = environment(process, args, user)
  for (const setting of settings)
    env.set(setting.slice(0, setting.indexOf('=')), setting.slice(setting.indexOf('=') + 1))
  const isLogin = args.has('login')
  const shell = user.shell ?? '/bin/sh'
  const isShell = isLogin || args.has('shell')
  const argv = isShell
    ? [shell, ...(isLogin && words.length === 0 ? ['-l'] : []), ...(words.length > 0 ? ['-c', words.join(' ')] : [])]
    : [...words]
  const name = argv[0]!
  if (findCommand(process.files.as(user), securePath, process.cwd, name) === undefined) {
    return process.fail(`${name}: command not found`)
  }
  env.set('SUDO_COMMAND', argv.join(' '))
  try {
    const child = process.spawn({ argv, env, user, ...(isLogin ? { cwd: user.home } : {}) })
    for (const signal of ['SIGTERM', 'SIGHUP']) process.onSignal(signal, () => child.kill(signal))
    process.ignoreSignal('SIGINT')
    await process.wait<void>(wake => void child.onExit(wake))
    return child.status!
  } catch (error) {
    if (!(error instanceof FileError)) throw error
    if (error.code === 'ENOENT') return process.fail(`${name}: command not found`)
    return process.fail(`unable to execute ${name}: ${error.text}`)
  }
}

function environment(process: Process, args: Arguments, user: User): Map<string, string> {
  const keepsAll = args.has('preserve-env') && args.get('preserve-env') === undefined
  const named = args.get('preserve-env')?.split(',') ?? []
  const kept = ['TERM', 'LANG', 'LC_ALL', 'COLORTERM', 'DISPLAY', 'TZ', ...named]
  const env = new Map([...process.env].filter(([name]) => keepsAll || kept.includes(name)))
  if (!keepsAll) {
    env.set('HOME', user.home)
    env.set('PATH', securePath)
    env.set('SHELL', user.shell ?? '/bin/sh')
  }
  env.set('USER', user.name)
  env.set('LOGNAME', user.name)
  env.set('SUDO_USER', process.user.name)
  env.set('SUDO_UID', String(process.user.uid))
  env.set('SUDO_GID', String(process.user.gid))
  return env
}
