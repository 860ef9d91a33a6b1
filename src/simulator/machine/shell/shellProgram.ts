import { FileError } from '../fileError.ts'
import type { Process, Program } from '../program.ts'
import { setLetter, setOption } from './builtins/set.ts'
import type { Dialect } from './dialect.ts'
import { converse } from './interactive.ts'
import { Interpreter } from './interpreter.ts'
import { readLine } from './lineReader.ts'
import { isIncomplete } from './syntax.ts'

/** What a shell is like as a program. */
export interface ShellOptions {
  readonly name: string
  readonly dialect: Dialect
  /** What an interactive shell prints first. */
  readonly banner?: string
}

/** A shell as a program: `bash -c 'text'`, `bash script`, `bash` at a terminal. */
export function shellProgram(options: ShellOptions): Program {
  return {
    name: options.name,
    summary: 'Command interpreter',
    usage: '[OPTION]... [-c TEXT | SCRIPT-FILE] [ARGUMENT]...',
    run: process => runShell(process, options),
  }
}

const usage = `Usage:\tbash [GNU long option] [option] ...
\tbash [GNU long option] [option] script-file ...
GNU long options:
${'debug debugger dump-po-strings dump-strings help init-file login noediting noprofile norc posix pretty-print rcfile restricted verbose version'
  .split(' ')
  .map(name => `\t--${name}\n`)
  .join('')}Shell options:
\t-ilrsD or -c command or -O shopt_option\t\t(invocation only)
\t-abefhkmnptuvxBCEHPT or -o option
`

interface Invocation {
  readonly command: string | undefined
  readonly script: string | undefined
  readonly name: string | undefined
  readonly positional: readonly string[]
  readonly flags: readonly { readonly name: string; readonly isLetter: boolean; readonly isOn: boolean }[]
  readonly isInteractive: boolean
  readonly isLogin: boolean
  readonly readsStartFile: boolean
  readonly startFile: string | undefined
}

async function runShell(process: Process, { dialect, banner }: ShellOptions): Promise<number> {
  const called = Interpreter.nameOf(process)
  const invocation = parseInvocation(process.argv)
  if (typeof invocation === 'string') {
    const isBare = dialect !== 'bash'
    await process.stderr.write(
      `${called}: ${isBare ? '0: Illegal option ' : ''}${invocation}\n${isBare || invocation.startsWith('-c') ? '' : usage}`,
    )
    return 2
  }
  if (invocation.flags.some(flag => flag.name === 'version')) {
    await process.write('GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)\n')
    return 0
  }
  const { command, script } = invocation
  const isAtTerminal = process.stdin.terminal !== undefined && process.stderr.terminal !== undefined
  const isInteractive = invocation.isInteractive || (command === undefined && script === undefined && isAtTerminal)
  const name = invocation.name ?? process.argv[0] ?? dialect
  const shell = new Interpreter(process, {
    dialect,
    name: script === undefined && invocation.name === undefined ? called : name,
    positional: invocation.positional,
    isInteractive: isInteractive && process.terminal !== undefined,
  })
  for (const flag of invocation.flags) {
    if (flag.isLetter) setLetter(shell, flag.name, flag.isOn)
    else setOption(shell, flag.name, flag.isOn)
  }
  if (isInteractive || invocation.isLogin) await runStartFiles(shell, invocation)
  if (command !== undefined) {
    return shell.runForked(() => runWhole(shell, command))
  }
  if (script !== undefined) return runScript(shell, script)
  if (!shell.isInteractive) return shell.runForked(() => runInput(shell))
  if (banner !== undefined) await process.write(banner)
  return converse(shell)
}

/** Runs the text of `-c`; its last command may take over the process. */
function runWhole(shell: Interpreter, text: string): Promise<number> {
  const { statements, failure } = shell.parser.script(text)
  const last = statements[statements.length - 1]
  if (last && !failure && !last.background) shell.tail = last.command
  return shell.runText(text, { kind: 'command', text, firstLine: 1, name: shell.name })
}

async function runScript(shell: Interpreter, script: string): Promise<number> {
  const { process } = shell
  let text: string
  try {
    const found = process.files.exists(process.path(script)) ? script : (shell.findCommand(script) ?? script)
    text = process.files.readText(process.path(found))
  } catch (error) {
    if (!(error instanceof FileError)) throw error
    const status = error.code === 'ENOENT' ? 127 : 126
    const called = Interpreter.nameOf(process)
    if (shell.dialect === 'bash') await process.stderr.write(`${called}: ${script}: ${error.text}\n`)
    else if (shell.dialect === 'ash') await process.stderr.write(`${called}: can't open '${script}': ${error.text}\n`)
    else await process.stderr.write(`${called}: 0: cannot open ${script}: No such file\n`)
    return shell.dialect === 'bash' ? status : 2
  }
  shell.runsScript = true
  return shell.runForked(() => shell.runText(text, { kind: 'file', text, firstLine: 1, name: shell.name }))
}

/** Runs commands from standard input as they come, so that they may read what follows themselves. */
async function runInput(shell: Interpreter): Promise<number> {
  let firstLine = 1
  for (;;) {
    let text = await readLine(shell.process.stdin)
    if (text === undefined) return shell.status
    while (isIncomplete(text)) {
      const more = await readLine(shell.process.stdin)
      if (more === undefined) break
      text = `${text}\n${more}`
    }
    await shell.runText(text, { kind: 'input', text, firstLine, name: shell.name })
    firstLine += text.split('\n').length
  }
}

async function runStartFiles(shell: Interpreter, invocation: Invocation): Promise<void> {
  if (!invocation.readsStartFile) return
  const home = shell.variables.get('HOME') ?? '/'
  const files = invocation.isLogin
    ? ['/etc/profile', `${home}/.bash_profile`, `${home}/.profile`]
    : shell.dialect === 'bash'
      ? [invocation.startFile ?? `${home}/.bashrc`]
      : []
  const { files: system } = shell.process
  for (const file of files) {
    if (!system.exists(file)) continue
    const text = system.readText(file)
    try {
      await shell.runText(text, { kind: 'file', text, firstLine: 1, name: file })
    } catch (error) {
      shell.status = await shell.settle(error)
    }
  }
}

/** What the arguments ask for; a text is an option that does not exist. */
function parseInvocation(argv: readonly string[]): Invocation | string {
  const flags: Invocation['flags'][number][] = []
  let hasCommand = false
  let isInteractive = false
  let isLogin = argv[0]?.startsWith('-') ?? false
  let readsStartFile = true
  let startFile: string | undefined
  let readsInput = false
  let index = 1
  for (; index < argv.length; index++) {
    const arg = argv[index]!
    if (arg === '--' || arg === '-') {
      index++
      break
    }
    if (arg.startsWith('--')) {
      if (arg === '--login') isLogin = true
      else if (arg === '--norc' || arg === '--noprofile') readsStartFile = false
      else if (arg === '--rcfile' || arg === '--init-file') startFile = argv[++index]
      else if (arg === '--version') flags.push({ name: 'version', isLetter: false, isOn: true })
      else if (arg !== '--posix' && arg !== '--noediting') return `${arg}: invalid option`
      continue
    }
    if (!/^[-+]./.test(arg)) break
    for (const letter of arg.slice(1)) {
      const isOn = arg.startsWith('-')
      if (letter === 'c') hasCommand = true
      else if (letter === 'i') isInteractive = true
      else if (letter === 'l') isLogin = true
      else if (letter === 's') readsInput = true
      else if (letter === 'o') flags.push({ name: argv[++index] ?? '', isLetter: false, isOn })
      else if ('aefhkmnptuvxBCEHPT'.includes(letter)) flags.push({ name: letter, isLetter: true, isOn })
      else return `-${letter}: invalid option`
    }
  }
  const rest = argv.slice(index)
  const common = { flags, isInteractive, isLogin, readsStartFile, startFile }
  if (hasCommand) {
    const [command, name, ...positional] = rest
    if (command === undefined) return '-c: option requires an argument'
    return { ...common, command, script: undefined, name, positional }
  }
  if (readsInput || rest.length === 0) {
    return { ...common, command: undefined, script: undefined, name: undefined, positional: rest }
  }
  return { ...common, command: undefined, script: rest[0], name: rest[0], positional: rest.slice(1) }
}
