import { alignTabs, descriptionStops } from '../output/tabWriter.ts'

/** The text of a description as it grows: lines with tabs between cells, indented by two blanks a level. */
export class Description {
  #text = ''

  /** Adds a line; cells are separated by tabs. */
  line(level: number, text: string): void {
    this.#text += `${'  '.repeat(level)}${text}\n`
  }

  /** Adds text as it is, with its own line ends. */
  raw(text: string): void {
    this.#text += text
  }

  /** Labels, annotations and the like: the first on the line of the title, the rest under it. */
  map(level: number, title: string, values: Readonly<Record<string, string>> | undefined, separator: string): void {
    const keys = Object.keys(values ?? {}).sort()
    if (keys.length === 0) return this.line(level, `${title}:\t<none>`)
    for (const [index, key] of keys.entries())
      this.line(level, `${index === 0 ? `${title}:` : ''}\t${key}${separator}${values![key]}`)
  }

  labels(level: number, labels: Readonly<Record<string, string>> | undefined, title = 'Labels'): void {
    this.map(level, title, labels, '=')
  }

  /** Annotations; what `kubectl apply` remembers is left out, and long values go on a line of their own. */
  annotations(annotations: Readonly<Record<string, string>> | undefined, title = 'Annotations'): void {
    const keys = Object.keys(annotations ?? {})
      .filter(key => key !== 'kubectl.kubernetes.io/last-applied-configuration')
      .sort()
    if (keys.length === 0) return this.line(0, `${title}:\t<none>`)
    for (const [index, key] of keys.entries()) {
      const indent = index === 0 ? `${title}:\t` : '\t'
      const value = annotations![key]!.replace(/\n$/, '')
      if (value.length + key.length + 2 > longestAnnotation || value.includes('\n')) {
        this.line(0, `${indent}${key}:`)
        for (const part of value.split('\n')) this.line(0, `\t  ${shortened(part, longestAnnotation - 2)}`)
      } else this.line(0, `${indent}${key}: ${value}`)
    }
  }

  /** The finished text. */
  toString(): string {
    return alignTabs(this.#text, descriptionStops)
  }
}

/** kubectl wraps annotations that are longer than this. */
const longestAnnotation = 140

function shortened(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}...` : text
}

/** A selector as text; `<none>` when it is empty. */
export function selectorText(labels: Readonly<Record<string, string>> | undefined, none = '<none>'): string {
  const keys = Object.keys(labels ?? {}).sort()
  return keys.length === 0 ? none : keys.map(key => `${key}=${labels![key]}`).join(',')
}

/** A time as Go prints it by RFC 1123 with a zone: `Sat, 21 Nov 2026 04:06:48 +0000`. */
export function timeText(time: string | undefined): string {
  if (!time) return ''
  const date = new Date(time)
  if (Number.isNaN(date.getTime())) return time
  return date.toUTCString().replace(/GMT$/, '+0000')
}

/** `True` and `False`, as descriptions print booleans in places that say so. */
export function trueText(value: boolean | undefined): string {
  return value ? 'True' : 'False'
}
