import { defaultPath, findCommand } from '../executable.ts'
import { manualPage } from '../helpText.ts'
import { defineProgram } from '../options.ts'
import { Pager } from '../pager.ts'

/** Shows the manual page of a program. */
export const man = defineProgram({
  name: 'man',
  summary: 'an interface to the system reference manuals',
  package: 'man-db 2.11.2',
  usage: '[man options] [[section] page ...] ...',
  options: [
    { short: 'f', long: 'whatis', help: 'equivalent to whatis' },
    { short: 'w', long: 'where', help: 'print physical location of man page(s)' },
    { short: 'a', long: 'all', help: 'find all matching manual pages' },
    { short: 'P', long: 'pager', value: 'PAGER', help: 'use program PAGER to display output' },
  ],
  notSimulated: '-k --apropos -K --global-apropos -l --local-file -H -T -t -X -Z',
  async run(process, args) {
    const names = args.operands.filter(word => !/^[1-9][a-z]?$/.test(word))
    if (names.length === 0) {
      await process.stderr.write("What manual page do you want?\nFor example, try 'man man'.\n")
      return 1
    }
    let status = 0
    for (const name of names) {
      const file = findCommand(process.files, process.env.get('PATH') ?? defaultPath, process.cwd, name)
      const found = file === undefined ? undefined : process.files.program(file)
      if (!found) {
        await process.stderr.write(
          args.has('whatis') ? `${name}: nothing appropriate.\n` : `No manual entry for ${name}\n`,
        )
        status = 16
        continue
      }
      const { program } = found
      if (args.has('whatis')) await process.write(`${`${name} (1)`.padEnd(20)} - ${program.summary}\n`)
      else if (args.has('where')) await process.write(`/usr/share/man/man1/${name}.1.gz\n`)
      else {
        const { terminal } = process.stdout
        const page = manualPage({ ...program, name })
        const title = ` Manual page ${name}(1) line 1 (press h for help or q to quit)`
        if (terminal) await new Pager(process, terminal, page, title).run()
        else await process.write(page)
      }
    }
    return status
  },
})
