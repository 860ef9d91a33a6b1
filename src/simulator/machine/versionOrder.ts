/** Orders version numbers: 1.9 before 1.10, and `1.0~rc1` before `1.0` (GNU's filevercmp, in short). */
export function compareVersions(a: string, b: string): number {
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    while ((i < a.length && !isDigit(a[i])) || (j < b.length && !isDigit(b[j]))) {
      const order = weight(a[i]) - weight(b[j])
      if (order !== 0) return order
      i++
      j++
    }
    const [first, second] = [digitsAt(a, i), digitsAt(b, j)]
    const order = Number(first || 0) - Number(second || 0)
    if (order !== 0) return order
    i += first.length
    j += second.length
  }
  return 0
}

/** A tilde comes before the end of the text, letters before other signs. */
function weight(character: string | undefined): number {
  if (character === undefined || isDigit(character)) return 0
  if (character === '~') return -1
  return character.codePointAt(0)! + (/[A-Za-z]/.test(character) ? 0 : 256)
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9'
}

function digitsAt(text: string, at: number): string {
  let end = at
  while (isDigit(text[end])) end++
  return text.slice(at, end)
}
