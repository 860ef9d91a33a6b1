import { defineProgram } from '../options.ts'
import { quotedName } from '../quoting.ts'
import { runInstead } from '../runInstead.ts'

/** Runs a command in a changed environment, or prints the environment. */
export const env = defineProgram({
  name: 'env',
  summary: 'run a program in a modified environment',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... [-] [NAME=VALUE]... [COMMAND [ARG]...]',
  options: [
    { short: 'i', long: 'ignore-environment', help: 'start with an empty environment' },
    { short: '0', long: 'null', help: 'end each output line with NUL, not newline' },
    { short: 'u', long: 'unset', value: 'NAME', help: 'remove variable from the environment' },
    { short: 'C', long: 'chdir', value: 'DIR', help: 'change working directory to DIR' },
    { short: 'S', long: 'split-string', value: 'S', help: 'process and split S into separate arguments' },
    { short: 'v', long: 'debug', help: 'print verbose information for each processing step' },
  ],
  notSimulated: '--block-signal --default-signal --ignore-signal --list-signal-handling',
  operandsEndOptions: true,
  usageStatus: 125,
  busybox: { usage: '[-i0] [-u NAME]... [-] [NAME=VALUE]... [PROG ARGS]', options: 'i0u' },
  async run(process, args) {
    const split = args.all('split-string').flatMap(text => text.trim().split(/\s+/))
    const words = [...split, ...args.operands]
    const isEmpty = args.has('ignore-environment') || words[0] === '-'
    if (words[0] === '-') words.shift()
    const variables = new Map(isEmpty ? [] : process.env)
    for (const name of args.all('unset')) variables.delete(name)
    while (words[0]?.includes('=')) {
      const word = words.shift()!
      const equals = word.indexOf('=')
      variables.set(word.slice(0, equals), word.slice(equals + 1))
    }
    const directory = args.get('chdir')
    const cwd = directory === undefined ? process.cwd : process.path(directory)
    if (!process.files.isDirectory(cwd)) {
      return process.fail(`cannot change directory to ${quotedName(directory!)}: No such file or directory`, 125)
    }
    if (words.length === 0) {
      const end = args.has('null') ? '\0' : '\n'
      await process.write([...variables].map(([name, value]) => `${name}=${value}${end}`).join(''))
      return 0
    }
    process.cwd = cwd
    const path = variables.get('PATH')
    if (path !== undefined) process.env.set('PATH', path)
    return runInstead(process, words, { env: variables })
  },
})
