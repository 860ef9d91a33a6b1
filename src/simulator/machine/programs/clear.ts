import { defineProgram } from '../options.ts'

/** Empties the screen. */
export const clear = defineProgram({
  name: 'clear',
  summary: 'clear the terminal screen',
  package: 'ncurses 6.4',
  usage: '[options]',
  options: [
    { short: 'T', value: 'TERM', help: 'use this instead of $TERM' },
    { short: 'V', help: 'print curses-version' },
    { short: 'x', help: 'do not try to clear scrollback' },
  ],
  busybox: { usage: '', options: '' },
  async run(process, args) {
    if (process.flavour === 'busybox') await process.write('\x1b[H\x1b[J')
    else {
      if (!process.env.get('TERM') && !args.has('T')) {
        await process.stderr.write('TERM environment variable not set.\n')
        return 1
      }
      await process.write(args.has('x') ? '\x1b[H\x1b[2J' : '\x1b[H\x1b[2J\x1b[3J')
    }
    return 0
  },
})
