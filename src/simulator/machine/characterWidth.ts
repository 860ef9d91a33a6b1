/** Ranges that take two columns, Hangul syllables among them (UAX #11, wide and full-width). */
const wideRanges: readonly (readonly [first: number, last: number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1faff],
  [0x20000, 0x3fffd],
]

/** Columns that one character (with what combines with it) takes on a screen. */
export function characterWidth(character: string): number {
  const code = character.codePointAt(0)!
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return 0
  if (code < 0x300) return 1
  if (isCombining(code)) return 0
  return wideRanges.some(([first, last]) => code >= first && code <= last) ? 2 : 1
}

/** Columns that a text takes on a screen. */
export function textWidth(text: string): number {
  let width = 0
  for (const character of graphemesOf(text)) width += characterWidth(character)
  return width
}

/** The characters of a text as a reader counts them: combining marks and Hangul parts stay with what they belong to. */
export function graphemesOf(text: string): string[] {
  const characters: string[] = []
  for (const character of text) {
    const code = character.codePointAt(0)!
    if (characters.length > 0 && (isCombining(code) || isJoined(characters[characters.length - 1]!, code))) {
      characters[characters.length - 1] += character
    } else characters.push(character)
  }
  return characters
}

function isCombining(code: number): boolean {
  return (
    (code >= 0x300 && code <= 0x36f) ||
    (code >= 0x20d0 && code <= 0x20ff) ||
    code === 0x200b ||
    code === 0x200d ||
    (code >= 0xfe00 && code <= 0xfe0f) ||
    (code >= 0x1f3fb && code <= 0x1f3ff)
  )
}

/** Conjoining Hangul vowels and finals follow their consonant; a zero-width joiner ties pictures together. */
function isJoined(before: string, code: number): boolean {
  if (before.endsWith('\u200d')) return true
  return code >= 0x1160 && code <= 0x11ff && /[\u1100-\u11ff]$/.test(before)
}
