import type { Json } from './syntax.ts'

/** What was read from a text, up to the first mistake in it. */
export interface Documents {
  readonly documents: Json[]
  readonly error?: { readonly line: number; readonly message: string }
}

/** Reads any number of JSON values that follow each other. */
export function readDocuments(text: string): Documents {
  const documents: Json[] = []
  let at = 0
  for (;;) {
    at += /^[\s\u001e]*/.exec(text.slice(at))![0].length
    if (at >= text.length) return { documents }
    const end = documentEnd(text, at)
    try {
      documents.push(JSON.parse(text.slice(at, end)) as Json)
    } catch {
      const line = text.slice(0, end).split('\n').length
      return { documents, error: { line, message: messageFor(text, at, end, line) } }
    }
    at = end
  }
}

/** Where the value that begins at `from` ends. */
function documentEnd(text: string, from: number): number {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const mark = text[at]!
    if (mark === '"') {
      at++
      while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
      if (depth === 0) return at + 1
    } else if (mark === '{' || mark === '[') depth++
    else if (mark === '}' || mark === ']') {
      if (--depth <= 0) return at + 1
    } else if (depth === 0 && /[\s,:]/.test(text[at + 1] ?? ' ')) return at + 1
  }
  return text.length
}

function messageFor(text: string, from: number, end: number, line: number): string {
  const isCut = end >= text.length && /[[{]/.test(text[from] ?? '')
  const column = end - text.lastIndexOf('\n', end - 1) - 1
  return isCut
    ? `Unfinished JSON term at EOF at line ${line}, column ${column}`
    : `Invalid numeric literal at line ${line}, column ${column}`
}
