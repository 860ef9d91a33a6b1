import { shellProgram } from './shellProgram.ts'

/** GNU bash. */
export const bash = shellProgram({ name: 'bash', dialect: 'bash' })
