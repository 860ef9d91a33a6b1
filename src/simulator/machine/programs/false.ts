import type { Program } from '../program.ts'

/** Fails. */
export const falseProgram: Program = {
  name: 'false',
  summary: 'do nothing, unsuccessfully',
  run: () => 1,
}
