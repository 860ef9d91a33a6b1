import { CommandFailure } from './failures.ts'
import { hasWildcard, patternRegExp, patternSource, unescapePattern } from './pattern.ts'

/** `${x#p}` `${x##p}` `${x%p}` `${x%%p}`: takes the shortest or longest match off the front or the end. */
export function removeMatch(text: string, operator: '#' | '##' | '%' | '%%', pattern: string): string {
  const isFront = operator[0] === '#'
  if (!hasWildcard(pattern)) {
    const plain = unescapePattern(pattern)
    if (isFront) return text.startsWith(plain) ? text.slice(plain.length) : text
    return text.endsWith(plain) ? text.slice(0, text.length - plain.length) : text
  }
  const matcher = patternRegExp(pattern)
  const isLongest = operator.length === 2
  for (let taken = isLongest ? text.length : 0; taken >= 0 && taken <= text.length; taken += isLongest ? -1 : 1) {
    const piece = isFront ? text.slice(0, taken) : text.slice(text.length - taken)
    if (matcher.test(piece)) return isFront ? text.slice(taken) : text.slice(0, text.length - taken)
  }
  return text
}

/** `${x/p/r}` and its kin; with `usesMatch`, `&` in the replacement is what was matched (bash 5.2). */
export function replaceMatches(
  text: string,
  operator: '/' | '//' | '/#' | '/%',
  pattern: string,
  replacement: string,
  usesMatch: boolean,
): string {
  if (pattern === '' && operator !== '/#' && operator !== '/%') return text
  const source = patternSource(pattern)
  const matcher =
    operator === '/#'
      ? new RegExp(`^(?:${source})`, 's')
      : operator === '/%'
        ? new RegExp(`(?:${source})$`, 's')
        : new RegExp(source, operator === '//' ? 'gs' : 's')
  const put = (match: string) => (usesMatch ? replacement.replaceAll('&', () => match) : replacement)
  // An empty match at the end, as `*` finds after the last character, is none for the shell.
  return text.replace(matcher, (match, ...rest) => {
    const at = rest.find(value => typeof value === 'number') as number
    return match === '' && at > 0 && operator === '//' ? '' : put(match)
  })
}

/** `${x:offset:length}` on characters or on values. */
export function slice<T>(values: readonly T[], offset: number, length: number | undefined): T[] {
  const start = offset < 0 ? values.length + offset : offset
  if (start < 0) return []
  if (length === undefined) return values.slice(start)
  if (length >= 0) return values.slice(start, start + length)
  const end = values.length + length
  if (end < start) throw new CommandFailure(`${length}: substring expression < 0`)
  return values.slice(start, end)
}

/** `${x^p}` `${x^^p}` `${x,p}` `${x,,p}`: changes the case of characters that match. */
export function changeCase(text: string, operator: '^' | '^^' | ',' | ',,', pattern: string): string {
  const matcher = patternRegExp(pattern === '' ? '?' : pattern)
  const change = (character: string) => {
    if (!matcher.test(character)) return character
    return operator[0] === '^' ? character.toUpperCase() : character.toLowerCase()
  }
  const characters = [...text]
  if (operator.length === 2) return characters.map(change).join('')
  return characters.length === 0 ? text : change(characters[0]!) + characters.slice(1).join('')
}
