/** Whose bits a symbolic mode names. */
const masks: Readonly<Record<string, number>> = { u: 0o4700, g: 0o2070, o: 0o1007, a: 0o7777 }

/** The mode that `755`, `u+x` or `go=rX,a-w` makes of another one; undefined when it cannot be read. */
export function parseMode(text: string, current: number, isDirectory: boolean, umask: number): number | undefined {
  if (/^[0-7]{1,5}$/.test(text)) {
    const mode = Number.parseInt(text, 8)
    if (mode > 0o7777) return undefined
    // Numbers of up to four digits leave a directory's set-ID bits alone.
    return isDirectory && text.length < 5 ? mode | (current & 0o6000) : mode
  }
  let mode = current
  for (const clause of text.split(',')) {
    const match = /^([ugoa]*)((?:[-+=](?:[rwxXst]*|[ugo]))+)$/.exec(clause)
    if (!match) return undefined
    const [, who = '', actions = ''] = match
    const mask = who === '' ? 0o7777 & ~umask : [...who].reduce((all, letter) => all | masks[letter]!, 0)
    for (const [, sign = '', permissions = ''] of actions.matchAll(/([-+=])([rwxXst]*|[ugo])/g)) {
      const bits = bitsOf(permissions, mode, isDirectory) & mask
      if (sign === '+') mode |= bits
      else if (sign === '-') mode &= ~bits
      else {
        const cleared = who === '' ? 0o777 : mask & (isDirectory ? 0o777 : 0o7777)
        mode = (mode & ~cleared) | bits
      }
    }
  }
  return mode
}

function bitsOf(permissions: string, mode: number, isDirectory: boolean): number {
  const copied = { u: mode >> 6, g: mode >> 3, o: mode }[permissions]
  if (copied !== undefined) return (copied & 7) * 0o111
  let bits = 0
  for (const letter of permissions) {
    if (letter === 'r') bits |= 0o444
    if (letter === 'w') bits |= 0o222
    if (letter === 'x' || (letter === 'X' && (isDirectory || (mode & 0o111) !== 0))) bits |= 0o111
    if (letter === 's') bits |= 0o6000
    if (letter === 't') bits |= 0o1000
  }
  return bits
}
