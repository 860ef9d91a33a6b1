/** The lines that were typed into a shell. */
export class History {
  #lines: string[] = []
  /** The number of the first line that is kept. */
  #first = 1
  /** `HISTSIZE`. */
  limit = 500

  get lines(): readonly string[] {
    return this.#lines
  }

  get firstNumber(): number {
    return this.#first
  }

  get nextNumber(): number {
    return this.#first + this.#lines.length
  }

  /** Remembers a line; `control` is HISTCONTROL. */
  add(line: string, control = ''): void {
    const rules = control.split(':')
    const ignoresSpace = rules.includes('ignorespace') || rules.includes('ignoreboth')
    const ignoresSame = rules.includes('ignoredups') || rules.includes('ignoreboth')
    if (line === '' || (ignoresSpace && line.startsWith(' '))) return
    if (ignoresSame && this.#lines.at(-1) === line) return
    this.#lines.push(line)
    while (this.#lines.length > this.limit) {
      this.#lines.shift()
      this.#first++
    }
  }

  /** Puts another line in place of the last one: continuation lines, `!!`. */
  replaceLast(line: string): void {
    this.#lines[this.#lines.length - 1] = line
  }

  delete(number: number): boolean {
    const index = number < 0 ? this.#lines.length + number : number - this.#first
    if (index < 0 || index >= this.#lines.length) return false
    this.#lines.splice(index, 1)
    return true
  }

  clear(): void {
    this.#lines = []
    this.#first = 1
  }
}

/** `!!`, `!$`, `!3`, `!-2`, `!text`, `^old^new`: undefined when nothing is there to expand; throws what is not found. */
export function expandHistory(history: History, line: string): string | undefined {
  const lines = history.lines
  const quick = /^\^([^^]*)\^([^^]*)\^?$/.exec(line)
  if (quick) {
    const last = lines.at(-1)
    if (!last?.includes(quick[1]!)) throw new HistoryError(`:s${line}: substitution failed`)
    return last.replace(quick[1]!, () => quick[2]!)
  }
  let isChanged = false
  const expanded = line.replace(
    /\\[\s\S]|'[^']*'|!(!|\$|\^|\*|-?\d+|\?[^?\n]+\??|(?=[A-Za-z_./])[^\s:;&|<>()"'!]+)(:(\d+|[$^*]|\d*-\d*|p))?/g,
    (all, event: string | undefined, _designator, word: string | undefined) => {
      if (event === undefined) return all
      const found = eventLine(history, event)
      if (found === undefined) throw new HistoryError(`${all}: event not found`)
      isChanged = true
      const words = found.trim().split(/\s+/)
      const choice = '$^*'.includes(event) ? event : word
      if (choice === undefined || choice === 'p') return found
      if (choice === '$') return words.at(-1)!
      if (choice === '^') return words[1] ?? ''
      if (choice === '*') return words.slice(1).join(' ')
      const [from = '', to] = choice.split('-')
      return to === undefined
        ? (words[Number(from)] ?? '')
        : words.slice(Number(from), Number(to || words.length) + 1).join(' ')
    },
  )
  return isChanged ? expanded : undefined
}

/** What bash prints for an event that is not there. */
export class HistoryError extends Error {}

function eventLine(history: History, event: string): string | undefined {
  const { lines } = history
  if (event === '!' || event === '$' || event === '^' || event === '*') return lines.at(-1)
  if (/^-\d+$/.test(event)) return lines.at(Number(event))
  if (/^\d+$/.test(event)) return lines[Number(event) - history.firstNumber]
  if (event.startsWith('?')) {
    const text = event.replace(/^\?|\?$/g, '')
    return lines.findLast(line => line.includes(text))
  }
  return lines.findLast(line => line.startsWith(event))
}
