import { type Builtin, badOption, complain, parseOptions } from '../builtin.ts'
import { shellQuoted } from '../quote.ts'

/** `alias`. */
export const alias: Builtin = {
  name: 'alias',
  usage: '[-p] [name[=value] ... ]',
  summary: 'Define or display aliases.',
  async run(shell, args) {
    const { rest, unknown } = parseOptions(args, 'p')
    if (unknown) return badOption(shell, alias, unknown)
    const start = shell.dialect === 'bash' ? 'alias ' : ''
    const line = (name: string) => `${start}${name}=${shellQuoted(shell.aliases.get(name)!)}\n`
    if (rest.length === 0) await shell.process.write([...shell.aliases.keys()].sort().map(line).join(''))
    let status = 0
    for (const arg of rest) {
      const equals = arg.indexOf('=', 1)
      if (equals > 0) shell.aliases.set(arg.slice(0, equals), arg.slice(equals + 1))
      else if (shell.aliases.has(arg)) await shell.process.write(line(arg))
      else status = await complain(shell, 'alias', `${arg}: not found`)
    }
    return status
  },
}

/** `unalias`. */
export const unalias: Builtin = {
  name: 'unalias',
  usage: '[-a] name [name ...]',
  summary: 'Remove each NAME from the list of defined aliases.',
  async run(shell, args) {
    const { options, rest, unknown } = parseOptions(args, 'a')
    if (unknown) return badOption(shell, unalias, unknown)
    if (options.has('a')) shell.aliases.clear()
    let status = 0
    for (const name of rest) {
      if (shell.aliases.delete(name)) continue
      if (shell.dialect === 'bash') await complain(shell, 'unalias', `${name}: not found`)
      else await shell.process.stderr.write(`unalias: ${name} not found\n`)
      status = 1
    }
    return status
  },
}
