import type { Program } from '../program.ts'

/** Succeeds. */
export const trueProgram: Program = {
  name: 'true',
  summary: 'do nothing, successfully',
  run: () => 0,
}
