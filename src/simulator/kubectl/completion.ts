import type { Process } from '../machine/program.ts'
import type { Lab } from './invocation.ts'

/** What Tab offers for the last word of a command line. */
export async function completeWords(_process: Process, _lab: Lab, _words: readonly string[]): Promise<string[]> {
  return []
}
