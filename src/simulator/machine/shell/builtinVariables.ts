import type { Interpreter } from './interpreter.ts'

const optionLetters: Readonly<Record<string, string>> = {
  allexport: 'a',
  errexit: 'e',
  hashall: 'h',
  monitor: 'm',
  noclobber: 'C',
  noexec: 'n',
  noglob: 'f',
  nounset: 'u',
  verbose: 'v',
  xtrace: 'x',
}

/** The value of `$?`, `$#`, `$1` …; undefined when it is not set, null when the name is an ordinary variable's. */
export function specialParameter(shell: Interpreter, name: string): string | undefined | null {
  const first = name.charCodeAt(0)
  if ((first >= 65 && first <= 90) || first >= 97) return null
  switch (name) {
    case '?':
      return String(shell.status)
    case '#':
      return String(shell.positional.length)
    case '0':
      return shell.name
    case '$':
      return String(shell.pid)
    case '!':
      return shell.lastBackground === undefined ? undefined : String(shell.lastBackground)
    case '-':
      return optionFlags(shell)
    case '_':
      return shell.lastArgument
  }
  return /^\d+$/.test(name) ? shell.positional[Number(name) - 1] : null
}

/** `$-`: the letters of the options that are on. */
function optionFlags(shell: Interpreter): string {
  const letters = [...shell.options].map(option => optionLetters[option] ?? '').sort()
  if (shell.dialect !== 'bash') return letters.join('') + (shell.isInteractive ? 'i' : '')
  const always = shell.isInteractive ? ['h', 'i', 'm', 'B', 'H'] : ['h', 'B']
  const from = shell.source.kind === 'command' ? 'c' : shell.source.kind === 'file' ? '' : 's'
  const order = [...new Set([...letters, ...always])].sort(
    (a, b) => Number(a < 'a') - Number(b < 'a') || (a < b ? -1 : 1),
  )
  return order.join('') + from
}

/** Makes the variables that are worked out when they are read. */
export function computeVariables(shell: Interpreter): void {
  const { variables } = shell
  const clock = shell.process.kernel.clock
  variables.compute('LINENO', { get: () => String(shell.line) })
  if (shell.dialect === 'dash') return
  const random = { source: shell.process.kernel.random }
  variables.compute('RANDOM', {
    get: () => String(random.source.below(32_768)),
    set: seed => {
      random.source = shell.process.kernel.random.fork(`RANDOM=${seed}`)
    },
  })
  variables.compute('SECONDS', {
    get: () => String(Math.floor((clock.now - shell.startedAt) / 1000)),
    set: value => {
      shell.startedAt = clock.now - Number(value) * 1000
    },
  })
  if (shell.dialect === 'ash') return
  const now = () => shell.process.machine.now()
  variables.compute('EPOCHSECONDS', { get: () => String(Math.floor(now() / 1000)) })
  variables.compute('EPOCHREALTIME', { get: () => (now() / 1000).toFixed(6) })
  variables.compute('BASHPID', { get: () => String(shell.process.pid) })
  variables.compute('BASH_SUBSHELL', { get: () => String(shell.subshellDepth) })
  variables.compute('PIPESTATUS', { get: () => shell.pipeStatus.map(String) })
  variables.compute('FUNCNAME', {
    get: () => (shell.callers.length > 0 ? [...shell.callers, ...(shell.runsScript ? ['main'] : [])] : undefined),
  })
  variables.compute('DIRSTACK', { get: () => [shell.process.cwd, ...shell.directoryStack] })
  variables.compute('HISTCMD', { get: () => String(shell.history.nextNumber) })
  variables.compute('SRANDOM', { get: () => String(shell.process.kernel.random.integer()) })
}

/** The variables that a new shell has: those of the environment, and its own. */
export function importEnvironment(shell: Interpreter): void {
  const { process, variables, dialect } = shell
  for (const [name, text] of process.env) {
    if (!/^[A-Za-z_]\w*$/.test(name)) {
      variables.foreign.set(name, text)
      continue
    }
    variables.set(name, text)
    variables.declare(name).isExported = true
  }
  const set = (name: string, text: string) => {
    if (variables.get(name) === undefined) variables.set(name, text)
  }
  variables.set('IFS', ' \t\n')
  variables.set('PWD', process.cwd)
  variables.declare('PWD').isExported = true
  variables.set('PPID', String(process.parent?.pid ?? 0))
  set('OPTIND', '1')
  set('PATH', shell.path)
  const bash = dialect === 'bash'
  if (shell.isInteractive) {
    set('PS1', bash ? '\\s-\\v\\$ ' : dialect === 'ash' ? '\\w \\$ ' : process.user.uid === 0 ? '# ' : '$ ')
    set('PS2', '> ')
  }
  set('PS4', '+ ')
  if (!bash) return
  const level = Number(variables.get('SHLVL') ?? 0) + 1
  variables.set('SHLVL', String(level))
  variables.declare('SHLVL').isExported = true
  set('HOSTNAME', process.machine.hostname)
  set('BASH', '/bin/bash')
  set('BASH_VERSION', bashVersion)
  variables.setList('BASH_VERSINFO', ['5', '2', '15', '1', 'release', 'x86_64-pc-linux-gnu'])
  set('HOSTTYPE', 'x86_64')
  set('OSTYPE', 'linux-gnu')
  set('MACHTYPE', 'x86_64-pc-linux-gnu')
  set('SHELL', process.user.shell ?? '/bin/bash')
  set('TERM', 'dumb')
  variables.set('UID', String(process.user.uid))
  variables.declare('UID').isReadonly = true
  variables.set('EUID', String(process.user.uid))
  variables.declare('EUID').isReadonly = true
  variables.setList('GROUPS', [process.user.gid, ...(process.user.groups ?? [])].map(String))
}

/** The bash that this shell behaves like. */
const bashVersion = '5.2.15(1)-release'
