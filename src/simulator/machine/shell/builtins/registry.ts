import type { Builtin } from '../builtin.ts'
import { type Dialect, hasBuiltin } from '../dialect.ts'
import { alias, unalias } from './alias.ts'
import { cd, pwd } from './cd.ts'
import { compgenBuiltin, complete } from './completions.ts'
import { constants } from './constant.ts'
import { declare, exportVariables, local, readonlyVariables, typeset } from './declarations.ts'
import { dirs, popd, pushd } from './directories.ts'
import { echo } from './echo.ts'
import { evaluate, sources } from './evaluation.ts'
import { exit, logout, loopExits, returnFrom, shift } from './flow.ts'
import { getopts } from './getopts.ts'
import { helpBuiltin } from './help.ts'
import { historyBuiltin } from './history.ts'
import { bg, disown, fg, jobs, wait } from './jobControl.ts'
import { kill } from './kill.ts'
import { letBuiltin } from './let.ts'
import { times, ulimit, umask } from './limits.ts'
import { hash, lookupBuiltins } from './lookup.ts'
import { mapfile, readarray } from './mapfile.ts'
import { missingBuiltins } from './missing.ts'
import { printf } from './printf.ts'
import { read } from './read.ts'
import { set } from './set.ts'
import { shopt } from './shopt.ts'
import { tests } from './test.ts'
import { trap } from './trap.ts'
import { unset } from './unset.ts'

const plain: readonly Builtin[] = [
  ...constants,
  cd,
  pwd,
  pushd,
  popd,
  dirs,
  echo,
  printf,
  read,
  mapfile,
  readarray,
  exportVariables,
  readonlyVariables,
  declare,
  typeset,
  local,
  unset,
  set,
  shopt,
  alias,
  unalias,
  hash,
  evaluate,
  ...sources,
  exit,
  logout,
  returnFrom,
  ...loopExits,
  shift,
  trap,
  jobs,
  fg,
  bg,
  disown,
  wait,
  kill,
  ...tests,
  letBuiltin,
  getopts,
  historyBuiltin,
  umask,
  ulimit,
  times,
  complete,
  ...missingBuiltins,
  {
    name: 'exec',
    usage: '[-cl] [-a name] [command [argument ...]] [redirection ...]',
    summary: 'Replace the shell with the given command.',
    run: (shell, args) => shell.exec(args),
  },
]

const byName: ReadonlyMap<string, Builtin> = new Map(
  [
    ...plain,
    ...lookupBuiltins((shell, name) => findBuiltin(shell.dialect, name) !== undefined),
    compgenBuiltin(() => [...byName.keys()]),
    helpBuiltin(plain),
  ].map(builtin => [builtin.name, builtin]),
)

/** The builtin of a name, if the dialect has it. */
export function findBuiltin(dialect: Dialect, name: string): Builtin | undefined {
  return hasBuiltin(dialect, name) ? byName.get(name) : undefined
}

/** The names of a dialect's builtins, for completion. */
export function builtinNames(dialect: Dialect): string[] {
  return [...byName.keys()].filter(name => hasBuiltin(dialect, name))
}
