import { defineProgram } from '../options.ts'

/** Waits some microseconds. */
export const usleep = defineProgram({
  name: 'usleep',
  summary: 'pause for N microseconds',
  usage: 'N',
  options: [],
  async run(process, args) {
    args.demandOperands(1, 1)
    const text = args.operands[0]!
    if (!/^\d+$/.test(text)) return process.fail(`invalid number '${text}'`)
    await process.sleep(Number(text) / 1000)
    return 0
  },
})
