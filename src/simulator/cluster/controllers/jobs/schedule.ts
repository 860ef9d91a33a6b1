/** The minutes at which a CronJob starts. */
export interface Schedule {
  readonly minutes: ReadonlySet<number>
  readonly hours: ReadonlySet<number>
  readonly days: ReadonlySet<number>
  readonly months: ReadonlySet<number>
  readonly weekdays: ReadonlySet<number>
  /** A day must suit both fields when one of them is `*`, else either. */
  readonly isEitherDay: boolean
  readonly every?: number
}

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const weekdayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const macros: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}
const minute = 60_000
// Four years hold every date, also the 29th of February.
const horizon = 5 * 366 * 24 * 60

/** Reads a schedule of five fields, or one of the short forms; undefined when it cannot be read. */
export function parseSchedule(text: string): Schedule | undefined {
  const every = /^@every (\d+)(s|m|h)$/.exec(text.trim())
  const fields = (macros[text.trim()] ?? (every ? '* * * * *' : text)).trim().split(/\s+/)
  if (fields.length !== 5) return undefined
  const [minutes, hours, days, months, weekdays] = [
    parseField(fields[0]!, 0, 59),
    parseField(fields[1]!, 0, 23),
    parseField(fields[2]!, 1, 31),
    parseField(fields[3]!, 1, 12, monthNames, 1),
    parseField(fields[4]!, 0, 7, weekdayNames, 0),
  ]
  if (!minutes || !hours || !days || !months || !weekdays) return undefined
  if (weekdays.has(7)) weekdays.add(0)
  const isEitherDay = !isStar(fields[2]!) && !isStar(fields[4]!)
  const unit = { s: 1000, m: minute, h: 60 * minute }
  return {
    minutes,
    hours,
    days,
    months,
    weekdays,
    isEitherDay,
    ...(every && { every: Number(every[1]) * unit[every[2] as 's' | 'm' | 'h'] }),
  }
}

function isStar(field: string): boolean {
  return field.startsWith('*') || field === '?'
}

function parseField(
  field: string,
  least: number,
  most: number,
  names: readonly string[] = [],
  firstName = 0,
): Set<number> | undefined {
  const values = new Set<number>()
  for (const part of field.split(',')) {
    const [range = '', stepText] = part.split('/')
    const step = stepText === undefined ? 1 : Number(stepText)
    const [firstText = '', lastText] = range === '*' || range === '?' ? [`${least}`, `${most}`] : range.split('-')
    const first = numberOf(firstText, names, firstName)
    const last = lastText === undefined ? (stepText === undefined ? first : most) : numberOf(lastText, names, firstName)
    if (![first, last, step].every(Number.isInteger) || step < 1 || first < least || last > most || first > last)
      return undefined
    for (let value = first; value <= last; value += step) values.add(value)
  }
  return values
}

function numberOf(text: string, names: readonly string[], firstName: number): number {
  const index = names.indexOf(text.toLowerCase())
  if (index >= 0) return index + firstName
  return text === '' ? Number.NaN : Number(text)
}

/** The next start after a moment, both in milliseconds since 1970; undefined when there is none. */
export function nextStart(schedule: Schedule, after: number, timeZone?: string): number | undefined {
  if (schedule.every) return after + schedule.every
  let time = Math.floor(after / minute) * minute + minute
  for (let i = 0; i < horizon; i++) {
    const { month, day, weekday, hour, minutes } = wallClock(time, timeZone)
    if (!schedule.months.has(month) || !suitsDay(schedule, day, weekday)) time += (60 * (24 - hour) - minutes) * minute
    else if (!schedule.hours.has(hour)) time += (60 - minutes) * minute
    else if (!schedule.minutes.has(minutes)) time += minute
    else return time
  }
  return undefined
}

function suitsDay({ days, weekdays, isEitherDay }: Schedule, day: number, weekday: number): boolean {
  return isEitherDay ? days.has(day) || weekdays.has(weekday) : days.has(day) && weekdays.has(weekday)
}

/** What a clock on the wall shows in a time zone. */
function wallClock(time: number, timeZone: string | undefined) {
  const shift = timeZone === undefined ? 0 : offsetOf(time, timeZone)
  const date = new Date(time + shift)
  return {
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    hour: date.getUTCHours(),
    minutes: date.getUTCMinutes(),
  }
}

/** By how much a time zone is ahead of UTC at a moment, in milliseconds. */
export function offsetOf(time: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(new Date(time))
  const part = (type: string) => Number(parts.find(one => one.type === type)?.value)
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
  return local - Math.floor(time / 1000) * 1000
}
