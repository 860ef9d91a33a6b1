/** Whether a name matches a shell pattern with `*`, `?` and `[…]`: fnmatch(3). */
export function matchesGlob(glob: string, name: string, options: { readonly ignoresCase?: boolean } = {}): boolean {
  return globPattern(glob, options.ignoresCase ?? false).test(name)
}

/** A shell pattern as a regular expression; `*` also matches slashes and leading dots. */
export function globPattern(glob: string, ignoresCase = false): RegExp {
  let source = ''
  for (let i = 0; i < glob.length; i++) {
    const character = glob[i]!
    if (character === '*') source += '.*'
    else if (character === '?') source += '.'
    else if (character === '[') {
      const end = glob.indexOf(']', glob[i + 1] === '!' || glob[i + 1] === '^' ? i + 3 : i + 2)
      if (end < 0) source += '\\['
      else {
        const members = glob
          .slice(i + 1, end)
          .replace(/\\/g, '\\\\')
          .replace(/^!/, '^')
        source += `[${members.replaceAll('[', '\\[')}]`
        i = end
      }
    } else if (character === '\\' && i + 1 < glob.length) source += escaped(glob[++i]!)
    else source += escaped(character)
  }
  return new RegExp(`^${source}$`, ignoresCase ? 'is' : 's')
}

function escaped(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|]/, '\\$&')
}
