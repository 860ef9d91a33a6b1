import type { Program } from '../program.ts'
import { cookedMode } from '../terminal.ts'

/** Puts the terminal into order again. */
export const reset: Program = {
  name: 'reset',
  summary: 'terminal initialization',
  async run(process) {
    process.terminal?.setMode(cookedMode)
    await process.write('\x1bc\x1b[?1000l\x1b[0m\x1b[?25h')
    return 0
  },
}
