import { zoneOf } from '../dateFormat.ts'
import { parseDate, parseTouchTime } from '../dateParse.ts'
import { FileError } from '../fileError.ts'
import { type Arguments, defineProgram } from '../options.ts'
import { Exit, type Process } from '../program.ts'
import { quoted, quotedName } from '../quoting.ts'

/** Makes empty files and sets times. */
export const touch = defineProgram({
  name: 'touch',
  summary: 'change file timestamps',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... FILE...',
  options: [
    { short: 'a', help: 'change only the access time' },
    { short: 'c', long: 'no-create', help: 'do not create any files' },
    { short: 'd', long: 'date', value: 'STRING', help: 'parse STRING and use it instead of current time' },
    { short: 'f', help: '(ignored)' },
    { short: 'h', long: 'no-dereference', help: 'affect each symbolic link instead of any referenced file' },
    { short: 'm', help: 'change only the modification time' },
    { short: 'r', long: 'reference', value: 'FILE', help: "use this file's times instead of current time" },
    { short: 't', value: 'STAMP', help: 'use [[CC]YY]MMDDhhmm[.ss] instead of current time' },
  ],
  notSimulated: '--time',
  busybox: { usage: '[-cham] [-d DATE] [-t DATE] [-r FILE] FILE...', options: 'acdfhmrt no-create date reference' },
  async run(process, args) {
    if (args.operands.length === 0) throw args.misuse('missing file operand')
    const time = await timeOf(process, args)
    let status = 0
    for (const name of args.operands) {
      const path = process.path(name)
      try {
        if (args.has('no-create') && !process.files.exists(path)) continue
        if (!process.files.exists(path)) process.open(name, { write: true, create: true }).release()
        // Simplified: times of access are not kept, so -a changes nothing.
        if (!args.has('a') || args.has('m')) process.files.touch(path, time)
      } catch (error) {
        if (!(error instanceof FileError)) throw error
        const words = process.flavour === 'busybox' ? name : `cannot touch ${quotedName(name)}`
        status = await process.fail(`${words}: ${error.text}`)
      }
    }
    return status
  },
})

async function timeOf(process: Process, args: Arguments): Promise<number> {
  const now = process.machine.now()
  const zone = zoneOf(process.env.get('TZ'))
  const reference = args.get('reference')
  if (reference !== undefined) {
    try {
      return process.files.stat(process.path(reference)).modified
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      throw new Exit(await process.fail(`failed to get attributes of ${quotedName(reference)}: ${error.text}`))
    }
  }
  const [date, stamp] = [args.get('date'), args.get('t')]
  const time =
    date !== undefined ? parseDate(date, now, zone) : stamp !== undefined ? parseTouchTime(stamp, now, zone) : now
  if (time !== undefined) return time
  const format = quoted(process, date ?? stamp!)
  throw new Exit(
    await process.fail(
      process.flavour === 'busybox' ? `invalid date '${date ?? stamp}'` : `invalid date format ${format}`,
    ),
  )
}
