import type { Interpreter } from './interpreter.ts'
import type { LiteralPiece } from './words.ts'

/** Replaces `~`, `~name`, `~+` and `~-` where they begin a word, and after `:` and `=` in an assignment. */
export function expandTilde(
  shell: Interpreter,
  text: string,
  isFirst: boolean,
  isLast: boolean,
  isAssignment: boolean,
): LiteralPiece[] {
  const pieces: LiteralPiece[] = []
  const sections = isAssignment ? text.split(/(?<=:|^[A-Za-z_]\w*=)/) : [text]
  for (const [index, section] of sections.entries()) {
    const match = index > 0 || isFirst ? /^~([A-Za-z_][\w.-]*|[+-])?(?=\/|:|$)/.exec(section) : null
    const endsHere = match !== null && match[0].length === section.length
    const home = match && (!endsHere || isLast || index < sections.length - 1) ? homeOf(shell, match[1]) : undefined
    if (home === undefined) pieces.push({ text: section, isQuoted: false })
    else {
      pieces.push({ text: home, isQuoted: true })
      if (!endsHere) pieces.push({ text: section.slice(match![0].length), isQuoted: false })
    }
  }
  return pieces
}

function homeOf(shell: Interpreter, name: string | undefined): string | undefined {
  if (name === undefined) return shell.variables.get('HOME') ?? shell.process.user.home
  if (name === '+') return shell.variables.get('PWD')
  if (name === '-') return shell.variables.get('OLDPWD')
  return shell.process.machine.users.byName(name)?.home
}
