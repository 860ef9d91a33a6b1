import { type Builtin, complain } from '../builtin.ts'
import { hasBuiltin } from '../dialect.ts'

/** `help`: a list of the builtins, or what one of them is for. */
export function helpBuiltin(builtins: readonly Builtin[]): Builtin {
  return {
    name: 'help',
    usage: '[-dms] [pattern ...]',
    summary: 'Display information about builtin commands.',
    async run(shell, args) {
      const known = builtins
        .filter(builtin => hasBuiltin(shell.dialect, builtin.name))
        .sort((a, b) => (a.name < b.name ? -1 : 1))
      const { process } = shell
      if (shell.dialect === 'ash') {
        const names = known.map(builtin => builtin.name).join(' ')
        await process.write(`Built-in commands:\n------------------\n${wrapped(names)}\n`)
        return 0
      }
      const wanted = args.filter(arg => !arg.startsWith('-'))
      if (wanted.length === 0) {
        await process.write(
          "These shell commands are defined internally.  Type `help' to see this list.\nType `help name' to find out more about the function `name'.\n\n",
        )
        await process.write(known.map(builtin => ` ${builtin.name} ${builtin.usage}\n`).join(''))
        return 0
      }
      let status = 0
      for (const name of wanted) {
        const builtin = known.find(each => each.name === name)
        if (!builtin) {
          status = await complain(
            shell,
            'help',
            `no help topics match \`${name}'.  Try \`help help' or \`man -k ${name}' or \`info ${name}'.`,
          )
        } else if (args.includes('-s')) await process.write(`${name}: ${name} ${builtin.usage}\n`)
        else if (args.includes('-d')) await process.write(`${name} - ${builtin.summary}\n`)
        else await process.write(`${name}: ${name} ${builtin.usage}\n    ${builtin.summary}\n`)
      }
      return status
    },
  }
}

function wrapped(names: string): string {
  const lines: string[] = []
  let line = '\t'
  for (const name of names.split(' ')) {
    if (line.length + name.length > 70) {
      lines.push(line.trimEnd())
      line = '\t'
    }
    line += `${name} `
  }
  return [...lines, line.trimEnd()].join('\n')
}
