import { busyboxBanner } from '../helpText.ts'
import { shellProgram } from './shellProgram.ts'

/** The shell of busybox; at a terminal it introduces itself. */
export const ash = shellProgram({
  name: 'sh',
  dialect: 'ash',
  banner: `\n\n${busyboxBanner.replace('multi-call binary', 'built-in shell (ash)')}\nEnter 'help' for a list of built-in commands.\n\n`,
})
