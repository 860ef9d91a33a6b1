/** The keys of the two-set Korean layout: which Latin letter lies under which letter of Hangul. */
const keys: Readonly<Record<string, string>> = {
  ㅂ: 'q',
  ㅈ: 'w',
  ㄷ: 'e',
  ㄱ: 'r',
  ㅅ: 't',
  ㅛ: 'y',
  ㅕ: 'u',
  ㅑ: 'i',
  ㅐ: 'o',
  ㅔ: 'p',
  ㅁ: 'a',
  ㄴ: 's',
  ㅇ: 'd',
  ㄹ: 'f',
  ㅎ: 'g',
  ㅗ: 'h',
  ㅓ: 'j',
  ㅏ: 'k',
  ㅣ: 'l',
  ㅋ: 'z',
  ㅌ: 'x',
  ㅊ: 'c',
  ㅍ: 'v',
  ㅠ: 'b',
  ㅜ: 'n',
  ㅡ: 'm',
  ㅃ: 'Q',
  ㅉ: 'W',
  ㄸ: 'E',
  ㄲ: 'R',
  ㅆ: 'T',
  ㅒ: 'O',
  ㅖ: 'P',
  ㅘ: 'hk',
  ㅙ: 'ho',
  ㅚ: 'hl',
  ㅝ: 'nj',
  ㅞ: 'np',
  ㅟ: 'nl',
  ㅢ: 'ml',
  ㄳ: 'rt',
  ㄵ: 'sw',
  ㄶ: 'sg',
  ㄺ: 'fr',
  ㄻ: 'fa',
  ㄼ: 'fq',
  ㄽ: 'ft',
  ㄾ: 'fx',
  ㄿ: 'fv',
  ㅀ: 'fg',
  ㅄ: 'qt',
}

const initials = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ'
const vowels = 'ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ'
const finals = ' ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ'

/** What the keys that gave a Hangul text give on a Latin layout: ㅏㅕㅠㄷㅊ시 → kubectl. Other characters stay. */
export function latinKeys(text: string): string {
  let latin = ''
  for (const character of text.normalize('NFC')) {
    const code = character.codePointAt(0)! - 0xac00
    if (code < 0 || code > 11_171) latin += keys[character] ?? character
    else {
      const final = finals[code % 28]!
      latin += keys[initials[Math.floor(code / 588)]!]! + keys[vowels[Math.floor((code % 588) / 28)]!]!
      if (final !== ' ') latin += keys[final]!
    }
  }
  return latin
}

/** The line that follows `command not found` when a command was typed on the Korean layout. */
export function hangulHint(name: string): string | undefined {
  if (!/[\u3131-\u3163\uac00-\ud7a3]/.test(name)) return undefined
  return `hint: on the Latin layout these keys spell '${latinKeys(name)}' (한/영)`
}
