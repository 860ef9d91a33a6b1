import { findCommands } from '../../executable.ts'
import { type Builtin, badOption, complain, parseOptions } from '../builtin.ts'
import { functionText } from '../functions.ts'
import type { Interpreter } from '../interpreter.ts'

const keywords: ReadonlySet<string> = new Set(
  'if then else elif fi case esac for select while until do done in function time { } ! [[ ]] coproc'.split(' '),
)

/** What a command name stands for. */
type Meaning =
  | { readonly kind: 'alias' | 'function' | 'keyword' | 'builtin'; readonly text: string }
  | { readonly kind: 'file'; readonly text: string; readonly isHashed: boolean }

/** `type`, `command` and `hash` need to know which names are builtins. */
export function lookupBuiltins(isBuiltin: (shell: Interpreter, name: string) => boolean): Builtin[] {
  const meanings = (shell: Interpreter, name: string, all: boolean, skipsFunctions = false): Meaning[] => {
    const found: Meaning[] = []
    if (shell.aliases.has(name) && shell.isInteractive) found.push({ kind: 'alias', text: shell.aliases.get(name)! })
    if (keywords.has(name)) found.push({ kind: 'keyword', text: name })
    if (shell.functions.has(name) && !skipsFunctions) found.push({ kind: 'function', text: name })
    if (isBuiltin(shell, name)) found.push({ kind: 'builtin', text: name })
    const { process } = shell
    if (name.includes('/')) {
      const path = process.path(name)
      if (process.files.find(path)?.kind === 'file' && process.files.may('execute', path))
        found.push({ kind: 'file', text: name, isHashed: false })
    } else {
      const hashed = shell.hashed.get(name)?.file
      const files = findCommands(process.files, shell.path, process.cwd, name)
      for (const text of all ? files : files.slice(0, 1)) found.push({ kind: 'file', text, isHashed: text === hashed })
    }
    return all ? found : found.slice(0, 1)
  }

  const describe = (shell: Interpreter, name: string, meaning: Meaning): string => {
    const isBash = shell.dialect === 'bash'
    switch (meaning.kind) {
      case 'alias':
        return isBash ? `${name} is aliased to \`${meaning.text}'` : `${name} is an alias for ${meaning.text}`
      case 'keyword':
        return `${name} is a shell keyword`
      case 'function':
        return isBash
          ? `${name} is a function\n${functionText(shell.functions.get(name)!)}`
          : `${name} is a ${shell.dialect === 'ash' ? 'function' : 'shell function'}`
      case 'builtin':
        return `${name} is a shell builtin`
      case 'file':
        return meaning.isHashed && isBash ? `${name} is hashed (${meaning.text})` : `${name} is ${meaning.text}`
    }
  }

  const type: Builtin = {
    name: 'type',
    usage: '[-afptP] name [name ...]',
    summary: 'Display information about command type.',
    async run(shell, args) {
      const { options, rest, unknown } = parseOptions(args, shell.dialect === 'bash' ? 'afptP' : '')
      if (unknown) return badOption(shell, type, unknown)
      let status = 0
      for (const name of rest) {
        const found = meanings(shell, name, options.has('a'), options.has('f'))
        if (found.length === 0) {
          status = shell.dialect === 'bash' ? 1 : 127
          if (options.has('t') || options.has('p') || options.has('P')) continue
          if (shell.dialect === 'bash') await complain(shell, 'type', `${name}: not found`)
          else await shell.process.write(`${name}: not found\n`)
        }
        for (const meaning of found) {
          if (options.has('t')) await shell.process.write(`${meaning.kind}\n`)
          else if (options.has('p') || options.has('P')) {
            if (meaning.kind === 'file') await shell.process.write(`${meaning.text}\n`)
          } else await shell.process.write(`${describe(shell, name, meaning)}\n`)
        }
      }
      return status
    },
  }

  const command: Builtin = {
    name: 'command',
    usage: '[-pVv] command [arg ...]',
    summary: 'Execute a simple command or display information about commands.',
    async run(shell, args) {
      const { options, rest, unknown } = parseOptions(args, 'pVv')
      if (unknown) return badOption(shell, command, unknown)
      if (rest.length === 0) return 0
      if (!options.has('v') && !options.has('V')) return shell.invoke(rest, { skipsFunctions: true })
      let status = 1
      for (const name of rest) {
        const [meaning] = meanings(shell, name, false)
        if (meaning) status = 0
        if (meaning && options.has('V')) await shell.process.write(`${describe(shell, name, meaning)}\n`)
        else if (meaning) {
          const isAlias = meaning.kind === 'alias'
          await shell.process.write(`${isAlias ? `alias ${name}='${meaning.text}'` : meaning.text}\n`)
        } else if (options.has('V')) {
          await (shell.dialect === 'bash'
            ? complain(shell, 'command', `${name}: not found`)
            : shell.process.write(`${name}: not found\n`))
        }
      }
      return status === 0 ? 0 : shell.dialect === 'bash' ? 1 : 127
    },
  }

  const builtin: Builtin = {
    name: 'builtin',
    usage: '[shell-builtin [arg ...]]',
    summary: 'Execute shell builtins.',
    run: (shell, args) => (args.length === 0 ? 0 : shell.invoke(args, { onlyBuiltins: true })),
  }

  return [type, command, builtin]
}

/** `hash`. */
export const hash: Builtin = {
  name: 'hash',
  usage: '[-lr] [-p pathname] [-dt] [name ...]',
  summary: 'Remember or display program locations.',
  async run(shell, args) {
    const { options, rest, unknown } = parseOptions(args, 'lrp:dt')
    if (unknown) return badOption(shell, hash, unknown)
    if (options.has('r')) shell.hashed.clear()
    if (options.has('p') && rest[0]) shell.hashed.set(rest[0], { file: options.get('p')!, hits: 0 })
    else if (options.has('d')) for (const name of rest) shell.hashed.delete(name)
    else if (rest.length > 0) {
      let status = 0
      for (const name of rest) {
        const file = options.has('t') ? shell.hashed.get(name)?.file : shell.findCommand(name)
        if (file === undefined) status = await complain(shell, 'hash', `${name}: not found`)
        else if (options.has('t')) await shell.process.write(`${file}\n`)
        else shell.hashed.set(name, { file, hits: 0 })
      }
      return status
    } else if (!options.has('r')) {
      if (shell.dialect !== 'bash') {
        await shell.process.write([...shell.hashed.values()].map(({ file }) => `${file}\n`).join(''))
      } else if (shell.hashed.size === 0) await shell.process.write('hash: hash table empty\n')
      else
        await shell.process.write(
          `hits\tcommand\n${[...shell.hashed.values()].map(({ file, hits }) => `${String(hits).padStart(4)}\t${file}\n`).join('')}`,
        )
    }
    return 0
  },
}
