import { alignTabs, descriptionStops } from '../output/tabWriter.ts'

/** Annotations that say nothing to a reader. */
const hiddenAnnotations = new Set(['kubectl.kubernetes.io/last-applied-configuration'])
const longestAnnotation = 140

/** The text of a description: names and values with tabs between, indented by levels of two blanks. */
export class Description {
  #text = ''

  /** Writes text as it is. */
  write(text: string): void {
    this.#text += text
  }

  /** Writes a line. */
  line(text: string, level = 0): void {
    this.#text += `${'  '.repeat(level)}${text}\n`
  }

  /** Writes `Name:  value`. */
  field(name: string, value: unknown, level = 0): void {
    this.line(`${name}:\t${value}`, level)
  }

  /** Writes `Name:` above what belongs to it. */
  heading(name: string, level = 0): void {
    this.line(`${name}:`, level)
  }

  /** Writes cells of a table. */
  row(cells: readonly unknown[], level = 1): void {
    this.line(cells.join('\t'), level)
  }

  /** Writes a header and the line under it. */
  header(names: readonly string[], level = 1, rules?: readonly string[]): void {
    this.row(names, level)
    this.row(rules ?? names.map(name => '-'.repeat(name.length)), level)
  }

  /** Writes values below each other, or `<none>`. */
  list(name: string, values: readonly string[], indent = ''): void {
    const lines = values.length > 0 ? values : ['<none>']
    for (const [i, value] of lines.entries()) this.line(`${indent}${i === 0 ? `${name}:` : ''}\t${value}`)
  }

  /** Writes labels in order, one a line. */
  labels(name: string, labels: Readonly<Record<string, string>> | undefined, indent = ''): void {
    this.list(
      name,
      sortedPairs(labels).map(([key, value]) => `${key}=${value}`),
      indent,
    )
  }

  /** Writes annotations in order; long ones are cut and stand below their key. */
  annotations(annotations: Readonly<Record<string, string>> | undefined, name = 'Annotations'): void {
    const shown = sortedPairs(annotations).filter(([key]) => !hiddenAnnotations.has(key))
    if (shown.length === 0) return this.field(name, '<none>')
    this.write(`${name}:\t`)
    for (const [i, [key, given]] of shown.entries()) {
      if (i > 0) this.write('\t')
      const value = given.replace(/\n$/, '')
      if (value.length + key.length + 2 <= longestAnnotation && !value.includes('\n')) this.line(`${key}: ${value}`)
      else {
        this.line(`${key}:`)
        for (const line of value.split('\n')) this.line(`\t  ${shorten(line, longestAnnotation - 2)}`)
      }
    }
  }

  /** The text with its tabs. */
  get unaligned(): string {
    return this.#text
  }

  toString(): string {
    return alignTabs(this.#text, descriptionStops)
  }
}

function sortedPairs(map: Readonly<Record<string, string>> | undefined): [string, string][] {
  return Object.entries(map ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
}

function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}...` : text
}

/** Labels in one line, or `<none>`. */
export function formatLabels(labels: Readonly<Record<string, string>> | undefined): string {
  return (
    sortedPairs(labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(',') || '<none>'
  )
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** A time as descriptions show it: `Mon, 02 Mar 2026 09:00:00 +0000`. */
export function longTime(timestamp: string | undefined | null): string {
  if (!timestamp) return 'Mon, 01 Jan 0001 00:00:00 +0000'
  const time = new Date(timestamp)
  const date = `${String(time.getUTCDate()).padStart(2, '0')} ${months[time.getUTCMonth()]} ${time.getUTCFullYear()}`
  return `${days[time.getUTCDay()]}, ${date} ${time.toISOString().slice(11, 19)} +0000`
}

/** `True` or `False`. */
export function yesNo(value: boolean | undefined): string {
  return value ? 'True' : 'False'
}

/** `True`, `False` or `<unset>`. */
export function yesNoUnset(value: boolean | undefined): string {
  return value === undefined ? '<unset>' : yesNo(value)
}
