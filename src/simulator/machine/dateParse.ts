import { calendarTime, dayNames, monthNames, type TimeZone, utc } from './dateFormat.ts'

const unitLengths: Readonly<Record<string, number>> = {
  sec: 1000,
  second: 1000,
  min: 60_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
  fortnight: 1_209_600_000,
}

const timePattern = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s*(am|pm)?/i
const zonePattern = /^(?:z|utc|gmt|([-+])(\d{2}):?(\d{2})?)/i
const relativePattern = /^([-+]?\d*)\s*(sec|second|min|minute|hour|day|week|fortnight|month|year)s?\b(\s+ago\b)?/i

// Simplified: the forms that people type; GNU's grammar knows more.
/** The time that `date -d` reads: `2026-03-02 10:00`, `@0`, `yesterday`, `+2 hours`, `3 days ago`. */
export function parseDate(text: string, now: number, zone: TimeZone = utc): number | undefined {
  const epoch = /^\s*@(-?\d+(?:\.\d+)?)\s*$/.exec(text)
  if (epoch) return Math.round(Number(epoch[1]) * 1000)
  return new DateReader(text, now, zone).read()
}

/** The time that `touch -t` reads: [[CC]YY]MMDDhhmm[.ss]. */
export function parseTouchTime(text: string, now: number, zone: TimeZone = utc): number | undefined {
  const match = /^(\d\d)?(\d\d)?(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d\d))?$/.exec(text)
  if (!match) return undefined
  const [, first, second, month, day, hour, minute, seconds] = match
  const short = Number(second ?? first)
  let year = calendarTime(now, zone).year
  if (second !== undefined) year = Number(first) * 100 + short
  else if (first !== undefined) year = short + (short < 69 ? 2000 : 1900)
  if (Number(month) < 1 || Number(month) > 12 || Number(day) < 1 || Number(day) > 31 || Number(hour) > 23)
    return undefined
  return (
    Date.UTC(year, Number(month) - 1, Number(day), Number(hour), Number(minute), Number(seconds ?? 0)) -
    zone.offset * 60_000
  )
}

class DateReader {
  #rest: string
  readonly #now: number
  #zone: TimeZone
  #date: { year: number; month: number; day: number }
  #hasDate = false
  #time: { hour: number; minute: number; second: number; millisecond: number } | undefined
  #months = 0
  #offset = 0
  #weekday: number | undefined

  constructor(text: string, now: number, zone: TimeZone) {
    this.#rest = text.trim().replace(/\s+/g, ' ')
    this.#now = now
    this.#zone = zone
    this.#date = calendarTime(now, zone)
  }

  read(): number | undefined {
    while (this.#rest !== '') {
      if (!this.#item()) return undefined
      this.#rest = this.#rest.replace(/^[ ,]+|^T(?=\d)/, '')
    }
    const { year, month, day } = this.#date
    if (month < 1 || month > 12 || day < 1 || day > 31) return undefined
    const clock =
      this.#time ?? (this.#hasDate || this.#weekday !== undefined ? midnight : calendarTime(this.#now, this.#zone))
    const total = month - 1 + this.#months
    const at =
      Date.UTC(year, total, day, clock.hour, clock.minute, clock.second, clock.millisecond) - this.#zone.offset * 60_000
    return at + this.#weekdayShift(at) + this.#offset
  }

  #weekdayShift(at: number): number {
    if (this.#weekday === undefined) return 0
    return ((this.#weekday - calendarTime(at, this.#zone).weekday + 7) % 7) * 86_400_000
  }

  #item(): boolean {
    return (
      this.#take(/^(\d{4})-(\d{1,2})-(\d{1,2})/, ([year, month, day]) => this.#setDate(year, month, day)) ||
      this.#take(/^(\d{4})(\d{2})(\d{2})(?!\d)/, ([year, month, day]) => this.#setDate(year, month, day)) ||
      this.#take(/^(\d{1,2})\/(\d{1,2})\/(\d{4})/, ([month, day, year]) => this.#setDate(year, month, day)) ||
      this.#take(/^(\d{4})\/(\d{1,2})\/(\d{1,2})/, ([year, month, day]) => this.#setDate(year, month, day)) ||
      this.#take(timePattern, parts => this.#setTime(parts)) ||
      (this.#time !== undefined && this.#take(zonePattern, parts => this.#setZone(parts))) ||
      this.#take(/^(?:now|today)\b/i, () => {}) ||
      this.#take(/^(?:utc|gmt|z)\b/i, () => this.#setZone([])) ||
      this.#take(/^(yesterday|tomorrow)\b/i, ([word]) => {
        this.#offset += word!.toLowerCase() === 'tomorrow' ? 86_400_000 : -86_400_000
      }) ||
      this.#take(/^midnight\b/i, () => {
        this.#time = midnight
      }) ||
      this.#take(/^noon\b/i, () => {
        this.#time = { ...midnight, hour: 12 }
      }) ||
      this.#take(/^(next|last) (sec|second|min|minute|hour|day|week|fortnight|month|year)\b/i, ([which, unit]) =>
        this.#add(which!.toLowerCase() === 'next' ? 1 : -1, unit!),
      ) ||
      this.#take(relativePattern, ([count, unit, ago]) => {
        const amount = count === '' || count === '+' ? 1 : count === '-' ? -1 : Number(count)
        this.#add(ago ? -amount : amount, unit!)
      }) ||
      this.#monthName() ||
      this.#dayName()
    )
  }

  #take(pattern: RegExp, use: (parts: (string | undefined)[]) => void): boolean {
    const match = pattern.exec(this.#rest)
    if (!match) return false
    this.#rest = this.#rest.slice(match[0].length)
    use(match.slice(1))
    return true
  }

  #setDate(year: string | undefined, month: string | undefined, day: string | undefined): void {
    this.#date = { year: Number(year), month: Number(month), day: Number(day) }
    this.#hasDate = true
  }

  #setTime([hour, minute, second, fraction, half]: (string | undefined)[]): void {
    const twelve = half ? (Number(hour) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0) : Number(hour)
    const millisecond = Number((fraction ?? '').slice(0, 3).padEnd(3, '0'))
    this.#time = { hour: twelve, minute: Number(minute), second: Number(second ?? 0), millisecond }
  }

  #setZone([sign, hours, minutes]: (string | undefined)[]): void {
    const offset = Number(hours ?? 0) * 60 + Number(minutes ?? 0)
    this.#zone = { name: 'UTC', offset: sign === '-' ? -offset : offset }
  }

  #add(amount: number, unit: string): void {
    const name = unit.toLowerCase()
    if (name === 'month') this.#months += amount
    else if (name === 'year') this.#months += amount * 12
    else this.#offset += amount * unitLengths[name]!
  }

  /** `2 Mar 2026`, `Mar 2 2026`, `Mar 2`. */
  #monthName(): boolean {
    const names = monthNames.map(name => `${name}|${name.slice(0, 3)}`).join('|')
    const set = (day: string, month: string, year: string | undefined) => {
      const number = monthNames.findIndex(name => name.slice(0, 3).toLowerCase() === month.slice(0, 3).toLowerCase())
      this.#setDate(year ?? String(this.#date.year), String(number + 1), day)
    }
    return (
      this.#take(new RegExp(`^(\\d{1,2})[ -](${names})\\b(?:[ -](\\d{4}))?`, 'i'), ([day, month, year]) =>
        set(day!, month!, year),
      ) ||
      this.#take(new RegExp(`^(${names}) (\\d{1,2})(?!:|\\d)(?:,? (\\d{4})(?!:))?`, 'i'), ([month, day, year]) =>
        set(day!, month!, year),
      ) ||
      (this.#hasDate &&
        this.#take(/^(\d{4})\b(?!:)/, ([year]) => {
          this.#date = { ...this.#date, year: Number(year) }
        }))
    )
  }

  #dayName(): boolean {
    const names = dayNames.map(name => `${name}|${name.slice(0, 3)}`).join('|')
    return this.#take(new RegExp(`^(next |last )?(${names})\\b\\.?`, 'i'), ([which, name]) => {
      if (this.#hasDate) return
      this.#weekday = dayNames.findIndex(day => day.slice(0, 3).toLowerCase() === name!.slice(0, 3).toLowerCase())
      if (which?.toLowerCase() === 'last ') this.#offset -= 7 * 86_400_000
      const isToday = this.#weekday === calendarTime(this.#now, this.#zone).weekday
      if (which?.toLowerCase() === 'next ' && isToday) this.#offset += 7 * 86_400_000
    })
  }
}

const midnight = { hour: 0, minute: 0, second: 0, millisecond: 0 }
