import { type Builtin, complain, parseOptions } from '../builtin.ts'
import { commandNames } from '../commandNames.ts'
import { glob } from '../glob.ts'
import { escapePattern } from '../pattern.ts'

/** `complete`. Simplified: completion is built in, so specifications are read and have no effect. */
export const complete: Builtin = {
  name: 'complete',
  usage:
    '[-abcdefgjksuv] [-pr] [-DEI] [-o option] [-A action] [-G globpat] [-W wordlist] [-F function] [-C command] [-X filterpat] [-P prefix] [-S suffix] [name ...]',
  summary: 'Specify how arguments are to be completed by Readline.',
  run: () => 0,
}

/** `compgen`: names that begin with a word. */
export function compgenBuiltin(names: () => readonly string[]): Builtin {
  return {
    name: 'compgen',
    usage: '[-abcdefgjksuv] [-o option] [-A action] [-G globpat] [-W wordlist] [word]',
    summary: 'Display possible completions depending on the options.',
    async run(shell, args) {
      const { options, rest, unknown } = parseOptions(args, 'abcdefgjksuvo:A:G:W:F:C:X:P:S:')
      if (unknown) return complain(shell, 'compgen', `${unknown}: invalid option`, 2)
      const start = rest[0] ?? ''
      const found: string[] = []
      const add = (candidates: Iterable<string>) => {
        for (const candidate of candidates) if (candidate.startsWith(start)) found.push(candidate)
      }
      const action = options.get('A')
      if (options.has('W'))
        add(
          options
            .get('W')!
            .split(/[ \t\n]+/)
            .filter(word => word !== ''),
        )
      if (options.has('v') || action === 'variable') add(shell.variables.all().map(([name]) => name))
      if (options.has('e') || action === 'export') add(shell.variables.environment().keys())
      if (options.has('a') || options.has('c') || action === 'alias') add(shell.aliases.keys())
      if (options.has('b') || options.has('c') || action === 'builtin') add(names())
      if (options.has('c') || action === 'function') add([...shell.functions.keys()])
      if (options.has('c') || action === 'command') add(commandNames(shell))
      if (options.has('f') || options.has('d') || action === 'file' || action === 'directory') {
        const { process } = shell
        const files = glob(process.files, process.cwd, `${escapePattern(start)}*`)
        const onlyDirectories = options.has('d') || action === 'directory'
        found.push(...files.filter(file => !onlyDirectories || process.files.isDirectory(process.path(file))))
      }
      await shell.process.write([...new Set(found)].map(word => `${word}\n`).join(''))
      return found.length > 0 ? 0 : 1
    },
  }
}
