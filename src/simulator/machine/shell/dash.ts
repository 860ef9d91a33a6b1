import { shellProgram } from './shellProgram.ts'

/** Debian's `sh`. */
export const dash = shellProgram({ name: 'sh', dialect: 'dash' })
