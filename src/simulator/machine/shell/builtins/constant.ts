import type { Builtin } from '../builtin.ts'

/** `true`, `false` and `:`. */
export const constants: readonly Builtin[] = [
  { name: ':', usage: '', summary: 'Null command.', run: () => 0 },
  { name: 'true', usage: '', summary: 'Return a successful result.', run: () => 0 },
  { name: 'false', usage: '', summary: 'Return an unsuccessful result.', run: () => 1 },
]
