// Simplified: ash and dash read bash's whole grammar (lists, `<( )`, `{1..3}` stays text); their own would refuse some of it.
/** The shells that machines have: bash, busybox' ash, and dash as Debian's `sh`. */
export type Dialect = 'bash' | 'ash' | 'dash'

/** Builtins that only bash has; the others look for a program of that name. */
const bashOnly: ReadonlySet<string> = new Set([
  'bind',
  'caller',
  'compopt',
  'fc',
  'suspend',
  'builtin',
  'compgen',
  'complete',
  'declare',
  'dirs',
  'disown',
  'enable',
  'logout',
  'mapfile',
  'popd',
  'pushd',
  'readarray',
  'shopt',
  'suspend',
  'typeset',
])

/** Builtins that ash and bash have and dash lacks. */
const dashLacks: ReadonlySet<string> = new Set(['help', 'history', 'let', 'source'])

/** Whether a dialect knows a builtin. */
export function hasBuiltin(dialect: Dialect, name: string): boolean {
  if (dialect === 'bash') return true
  return !bashOnly.has(name) && !(dialect === 'dash' && dashLacks.has(name))
}
