import { echoText } from '../printf.ts'
import type { Program } from '../program.ts'

/** Prints its arguments. */
export const echo: Program = {
  name: 'echo',
  summary: 'display a line of text',
  usage: '[SHORT-OPTION]... [STRING]...',
  options: [
    { short: 'n', help: 'do not output the trailing newline' },
    { short: 'e', help: 'enable interpretation of backslash escapes' },
    { short: 'E', help: 'disable interpretation of backslash escapes (default)' },
  ],
  async run(process) {
    await process.write(echoText(process.argv.slice(1)))
    return 0
  },
}
