/** The texts that a word's braces stand for, in order; one text when there is nothing to expand. */
export function expandBraces(text: string): string[] {
  const brace = findBrace(text)
  if (!brace) return [text]
  const before = text.slice(0, brace.start)
  const after = expandBraces(text.slice(brace.end))
  return brace.choices.flatMap(choice => after.map(rest => before + choice + rest))
}

interface Brace {
  readonly start: number
  readonly end: number
  readonly choices: readonly string[]
}

/** The first `{a,b}` or `{1..3}` that stands outside quotes and expansions. */
function findBrace(text: string): Brace | undefined {
  for (let i = 0; i < text.length; i++) {
    const skipped = skipQuoted(text, i)
    if (skipped > i) {
      i = skipped - 1
      continue
    }
    if (text[i] !== '{') continue
    const commas: number[] = []
    const close = closingBrace(text, i, commas)
    if (close === undefined) continue
    const inner = text.slice(i + 1, close)
    const choices = commas.length > 0 ? split(text, i, close, commas).flatMap(expandBraces) : sequence(inner)
    if (choices) return { start: i, end: close + 1, choices }
  }
  return undefined
}

function closingBrace(text: string, open: number, commas: number[]): number | undefined {
  let depth = 0
  for (let i = open; i < text.length; i++) {
    const skipped = skipQuoted(text, i)
    if (skipped > i) {
      i = skipped - 1
      continue
    }
    if (text[i] === '{') depth++
    else if (text[i] === '}' && --depth === 0) return i
    else if (text[i] === ',' && depth === 1) commas.push(i)
  }
  return undefined
}

function split(text: string, open: number, close: number, commas: readonly number[]): string[] {
  const edges = [open, ...commas, close]
  return edges.slice(1).map((edge, index) => text.slice(edges[index]! + 1, edge))
}

/** Where a quoted part, an escaped character or a `$` expansion that begins here ends; the same place when none does. */
function skipQuoted(text: string, at: number): number {
  const character = text[at]
  if (character === '\\') return at + 2
  if (character === "'") return text.indexOf("'", at + 1) + 1 || text.length
  if (character === '"' || character === '`') {
    let i = at + 1
    while (i < text.length && text[i] !== character) i += text[i] === '\\' ? 2 : 1
    return i + 1
  }
  if (character === '$' && (text[at + 1] === '{' || text[at + 1] === '(')) {
    const [open, close] = text[at + 1] === '{' ? ['{', '}'] : ['(', ')']
    let depth = 0
    for (let i = at + 1; i < text.length; i++) {
      if (text[i] === open) depth++
      else if (text[i] === close && --depth === 0) return i + 1
      else if (i > at + 1) {
        const skipped = skipQuoted(text, i)
        if (skipped > i) i = skipped - 1
      }
    }
    return text.length
  }
  return at
}

/** `{1..5..2}`, `{01..10}`, `{a..e}`. */
function sequence(inner: string): string[] | undefined {
  const match = /^(-?\d+|[A-Za-z])\.\.(-?\d+|[A-Za-z])(?:\.\.(-?\d+))?$/.exec(inner)
  if (!match) return undefined
  const [, from = '', to = '', by] = match
  const isNumeric = /\d/.test(from)
  if (isNumeric !== /\d/.test(to)) return undefined
  const first = isNumeric ? Number(from) : from.charCodeAt(0)
  const last = isNumeric ? Number(to) : to.charCodeAt(0)
  const step = Math.max(1, Math.abs(Number(by ?? 1)))
  const width = [from, to].some(end => /^-?0\d/.test(end)) ? Math.max(from.length, to.length) : 0
  const values: string[] = []
  for (let value = first; first <= last ? value <= last : value >= last; value += first <= last ? step : -step) {
    values.push(isNumeric ? padded(value, width) : String.fromCharCode(value))
  }
  return values
}

function padded(value: number, width: number): string {
  return value < 0 ? `-${String(-value).padStart(width - 1, '0')}` : String(value).padStart(width, '0')
}
