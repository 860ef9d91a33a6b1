import { type Builtin, complain } from '../builtin.ts'

/** Builtins of bash that this shell knows by name and does not have. */
export const missingBuiltins: readonly Builtin[] = ['bind', 'caller', 'compopt', 'enable', 'fc', 'suspend'].map(
  name => ({
    name,
    usage: '',
    summary: 'Not simulated here.',
    run: shell => complain(shell, name, 'this builtin is not simulated here'),
  }),
)
