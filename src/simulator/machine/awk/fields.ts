/** What fields need of the interpreter that they belong to. */
interface Settings {
  text(name: string): string
  pattern(source: string): RegExp
}

/** The record and its fields; either is made from the other only when someone asks. */
export class Fields {
  readonly #settings: Settings
  #record = ''
  #fields: string[] | undefined = []

  constructor(settings: Settings) {
    this.#settings = settings
  }

  set record(text: string) {
    this.#record = text
    this.#fields = undefined
  }

  get count(): number {
    return this.#split().length
  }

  set count(count: number) {
    const fields = this.#split()
    while (fields.length < count) fields.push('')
    fields.length = count
    this.#join()
  }

  /** A field by its number; 0 is the whole record. */
  get(index: number): string {
    return index === 0 ? this.#record : (this.#split()[index - 1] ?? '')
  }

  set(index: number, text: string): void {
    if (index === 0) {
      this.record = text
      return
    }
    const fields = this.#split()
    while (fields.length < index) fields.push('')
    fields[index - 1] = text
    this.#join()
  }

  #join(): void {
    this.#record = this.#split().join(this.#settings.text('OFS'))
  }

  #split(): string[] {
    this.#fields ??= splitText(this.#record, this.#settings.text('FS'), this.#settings)
    return this.#fields
  }
}

/** Text into parts: at runs of blanks for a single blank, at one character, or at a regular expression. */
export function splitText(text: string, separator: string, settings: Pick<Settings, 'pattern'>): string[] {
  if (separator === ' ') return text.trim() === '' ? [] : text.trim().split(/[ \t\n]+/)
  if (text === '') return []
  if (separator === '') return [...text]
  if (separator.length === 1 && separator !== '\\') return text.split(separator)
  return text.split(settings.pattern(separator))
}
