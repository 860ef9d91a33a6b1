import { defineProgram } from '../options.ts'
import { quoted } from '../quoting.ts'
import { parseDuration } from '../sizes.ts'

/** Waits. */
export const sleep = defineProgram({
  name: 'sleep',
  summary: 'delay for a specified amount of time',
  package: 'GNU coreutils 9.1',
  usage: 'NUMBER[SUFFIX]...',
  options: [],
  busybox: { usage: '[N]...', options: '' },
  async run(process, args) {
    args.demandOperands(1)
    let total = 0
    const wrong: string[] = []
    for (const word of args.operands) {
      const duration = parseDuration(word)
      if (duration === undefined) wrong.push(word)
      else total += duration
    }
    if (wrong.length > 0) {
      if (process.flavour === 'busybox') return process.fail(`invalid number '${wrong[0]}'`)
      throw args.misuse(
        wrong.map(word => `invalid time interval ${quoted(process, word)}`).join(`\n${process.argv[0]}: `),
      )
    }
    if (total === Number.POSITIVE_INFINITY) await process.wait<void>(() => {})
    else await process.sleep(total)
    return 0
  },
})
