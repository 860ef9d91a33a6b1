/** Breaks lines that are longer than `limit` at spaces; line breaks of the text stay where they are. */
export function wrapWords(text: string, limit: number): string {
  let result = ''
  let width = 0
  let space = ''
  let word = ''
  const flush = () => {
    width += space.length + word.length
    result += space + word
    space = ''
    word = ''
  }
  for (const char of text) {
    if (char === '\n') {
      if (word || width + space.length <= limit) flush()
      result += char
      space = ''
      width = 0
    } else if (/[\t\v\f\r ]/.test(char)) {
      if (!space || word) flush()
      space += char
    } else {
      word += char
      if (width + space.length + word.length > limit && word.length < limit) {
        result += '\n'
        width = 0
        space = ''
      }
    }
  }
  if (word || width + space.length <= limit) result += space + word
  return result
}

/** Puts spaces in front of every line, also of empty ones. */
export function indented(text: string, count: number): string {
  const spaces = ' '.repeat(count)
  return text
    .split('\n')
    .map(line => spaces + line)
    .join('\n')
}
