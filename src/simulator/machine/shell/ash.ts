import { shellProgram } from './shellProgram.ts'

/** The busybox that the cluster's images hold; an interactive shell introduces itself with it. */
export const busyboxVersion = 'BusyBox v1.35.0 (Debian 1:1.35.0-4+deb12u1+b1)'

/** The shell of busybox. */
export const ash = shellProgram({
  name: 'sh',
  dialect: 'ash',
  banner: `\n\n${busyboxVersion} built-in shell (ash)\nEnter 'help' for a list of built-in commands.\n\n`,
})
