import { defaultPath, findCommand, findCommands } from '../executable.ts'
import { defineProgram } from '../options.ts'

/** Says where commands are. */
export const which = defineProgram({
  name: 'which',
  summary: 'locate a command',
  usage: '[-a] args',
  options: [
    { short: 'a', help: 'print all matching pathnames of each argument' },
    { short: 's', help: 'print nothing, only return an exit status' },
  ],
  busybox: { usage: '[-a] COMMAND...', options: 'a' },
  async run(process, args) {
    const path = process.env.get('PATH') ?? defaultPath
    let status = args.operands.length === 0 ? 1 : 0
    for (const name of args.operands) {
      const found =
        args.has('a') && !name.includes('/')
          ? findCommands(process.files, path, process.cwd, name)
          : [findCommand(process.files, path, process.cwd, name)].flatMap(file => file ?? [])
      const usable = found.filter(
        file => process.files.find(file)?.kind === 'file' && process.files.may('execute', file),
      )
      if (usable.length === 0) status = 1
      // A name with a slash is shown as it was typed.
      if (!args.has('s')) for (const file of usable) await process.write(`${name.includes('/') ? name : file}\n`)
    }
    return status
  },
})
