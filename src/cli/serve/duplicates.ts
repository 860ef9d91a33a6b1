import { load, YAMLException } from 'js-yaml'

/** Which fields of a JSON text stand twice in one object, in the words of the API server: the last one counts. */
export function duplicatesInJson(text: string): string[] {
  const found = new Set<string>()
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g) ?? []
  let at = 0
  const value = (path: string): void => {
    const token = tokens[at++]
    if (token === '{') object(path)
    else if (token === '[') list(path)
  }
  const object = (path: string): void => {
    const names = new Set<string>()
    while (at < tokens.length && tokens[at] !== '}') {
      const name = JSON.parse(tokens[at++]!) as string
      const field = path ? `${path}.${name}` : name
      if (names.has(name)) found.add(`duplicate field ${JSON.stringify(field)}`)
      names.add(name)
      at++
      value(field)
      if (tokens[at] === ',') at++
    }
    at++
  }
  const list = (path: string): void => {
    for (let index = 0; at < tokens.length && tokens[at] !== ']'; index++) {
      value(`${path}[${index}]`)
      if (tokens[at] === ',') at++
    }
    at++
  }
  value('')
  return [...found]
}

/** The same of a YAML text: the reader tells lines, not paths. */
export function duplicatesInYaml(text: string): string[] {
  const lines = text.split('\n')
  const found: string[] = []
  // Each duplicate gets another name so that the reader goes on to the next.
  for (;;) {
    const mark = firstDuplicate(lines.join('\n'))
    if (!mark) return found.length > 0 ? [`yaml: unmarshal errors:\n${found.join('\n')}`] : []
    const line = lines[mark.line]!
    const key = /^["']?([^"':]+)/.exec(line.slice(mark.column))?.[1]?.trimEnd() ?? ''
    found.push(`  line ${mark.line + 1}: key ${JSON.stringify(key)} already set in map`)
    lines[mark.line] = `${line.slice(0, mark.column)}duplicate-${found.length}-${line.slice(mark.column)}`
  }
}

function firstDuplicate(text: string): { readonly line: number; readonly column: number } | undefined {
  try {
    load(text)
    return undefined
  } catch (error) {
    const isDuplicate = error instanceof YAMLException && error.reason === 'duplicated mapping key'
    return isDuplicate ? error.mark : undefined
  }
}
