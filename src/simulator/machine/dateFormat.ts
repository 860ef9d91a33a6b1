/** A time zone: minutes east of Greenwich and its short name. */
export interface TimeZone {
  readonly offset: number
  readonly name: string
}

export const utc: TimeZone = { offset: 0, name: 'UTC' }

// Simplified: zones without summer time only; others count as UTC.
const zones: Readonly<Record<string, TimeZone>> = {
  'Asia/Seoul': { offset: 540, name: 'KST' },
  'Asia/Tokyo': { offset: 540, name: 'JST' },
  'Asia/Shanghai': { offset: 480, name: 'CST' },
  'Asia/Singapore': { offset: 480, name: '+08' },
  'Asia/Kolkata': { offset: 330, name: 'IST' },
}

/** The time zone that the TZ variable names: `Asia/Seoul`, or POSIX' `KST-9`. */
export function zoneOf(name: string | undefined): TimeZone {
  if (!name) return utc
  const known = zones[name.replace(/^:/, '')]
  if (known) return known
  const posix = /^<?([-+A-Za-z0-9]{3,})>?([-+]?)(\d{1,2})(?::(\d\d))?$/.exec(name)
  if (!posix) return utc
  const [, short = '', sign, hours, minutes] = posix
  const offset = Number(hours) * 60 + Number(minutes ?? 0)
  return { name: short, offset: sign === '-' ? offset : -offset }
}

export const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
export const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

/** A moment by the calendar of a zone. */
export interface CalendarTime {
  readonly year: number
  /** 1–12. */
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly millisecond: number
  /** Sunday is 0. */
  readonly weekday: number
  /** 1–366. */
  readonly yearday: number
}

const dayLength = 86_400_000

/** The calendar reading of milliseconds since 1970. */
export function calendarTime(time: number, zone: TimeZone = utc): CalendarTime {
  const local = new Date(time + zone.offset * 60_000)
  const year = local.getUTCFullYear()
  return {
    year,
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    millisecond: local.getUTCMilliseconds(),
    weekday: local.getUTCDay(),
    yearday: Math.floor((local.getTime() - Date.UTC(year, 0, 1)) / dayLength) + 1,
  }
}

/** Writes a time as strftime(3) does, with the flags of GNU date: `%Y-%m-%d`, `%-d`, `%^a`, `%3N`. */
export function formatDate(format: string, time: number, zone: TimeZone = utc): string {
  const at = calendarTime(time, zone)
  return format.replace(
    /%([-_0^#]*)(\d*)(:{0,3}z|[EO]?[a-zA-Z%+])/g,
    (all, flags: string, width: string, conversion: string) => {
      const field = fieldOf(conversion.replace(/^[EO](?=.)/, ''), at, time, zone, width)
      return field === undefined ? all : decorate(field, flags, width)
    },
  )
}

interface Field {
  readonly text: string
  /** What fills a number from the left, and to what width. */
  readonly fill?: '0' | ' '
  readonly width?: number
}

function fieldOf(conversion: string, at: CalendarTime, time: number, zone: TimeZone, width: string): Field | undefined {
  const number = (value: number, size: number, fill: '0' | ' ' = '0'): Field => ({
    text: String(value),
    fill,
    width: size,
  })
  const composed = (format: string): Field => ({ text: formatDate(format, time, zone) })
  switch (conversion) {
    case '%':
      return { text: '%' }
    case 'n':
      return { text: '\n' }
    case 't':
      return { text: '\t' }
    case 'Y':
      return number(at.year, 1)
    case 'C':
      return number(Math.floor(at.year / 100), 2)
    case 'y':
      return number(at.year % 100, 2)
    case 'm':
      return number(at.month, 2)
    case 'd':
      return number(at.day, 2)
    case 'e':
      return number(at.day, 2, ' ')
    case 'H':
      return number(at.hour, 2)
    case 'k':
      return number(at.hour, 2, ' ')
    case 'I':
      return number(at.hour % 12 || 12, 2)
    case 'l':
      return number(at.hour % 12 || 12, 2, ' ')
    case 'M':
      return number(at.minute, 2)
    case 'S':
      return number(at.second, 2)
    case 'N':
      return { text: `${String(at.millisecond).padStart(3, '0')}000000`.slice(0, Number(width || 9)) }
    case 's':
      return { text: String(Math.floor(time / 1000)) }
    case 'j':
      return number(at.yearday, 3)
    case 'u':
      return number(at.weekday || 7, 1)
    case 'w':
      return number(at.weekday, 1)
    case 'U':
      return number(Math.floor((at.yearday + 6 - at.weekday) / 7), 2)
    case 'W':
      return number(Math.floor((at.yearday + 6 - ((at.weekday + 6) % 7)) / 7), 2)
    case 'V':
      return number(isoWeek(at).week, 2)
    case 'G':
      return { text: String(isoWeek(at).year) }
    case 'g':
      return number(isoWeek(at).year % 100, 2)
    case 'q':
      return number(Math.ceil(at.month / 3), 1)
    case 'a':
      return { text: dayNames[at.weekday]!.slice(0, 3) }
    case 'A':
      return { text: dayNames[at.weekday]! }
    case 'b':
    case 'h':
      return { text: monthNames[at.month - 1]!.slice(0, 3) }
    case 'B':
      return { text: monthNames[at.month - 1]! }
    case 'p':
      return { text: at.hour < 12 ? 'AM' : 'PM' }
    case 'P':
      return { text: at.hour < 12 ? 'am' : 'pm' }
    case 'Z':
      return { text: zone.name }
    case 'z':
      return { text: offsetText(zone.offset, '') }
    case ':z':
      return { text: offsetText(zone.offset, ':') }
    case '::z':
      return { text: `${offsetText(zone.offset, ':')}:00` }
    case ':::z':
      return { text: offsetText(zone.offset, ':').replace(/:00$/, '') }
    case 'F':
      return composed('%Y-%m-%d')
    case 'T':
    case 'X':
      return composed('%H:%M:%S')
    case 'R':
      return composed('%H:%M')
    case 'D':
    case 'x':
      return composed('%m/%d/%y')
    case 'c':
      return composed('%a %b %e %H:%M:%S %Y')
    case 'r':
      return composed('%I:%M:%S %p')
    case '+':
      return composed('%a %b %e %H:%M:%S %Z %Y')
    default:
      return undefined
  }
}

function decorate({ text, fill, width = 0 }: Field, flags: string, asked: string): string {
  let result = text
  const size = asked === '' ? width : Number(asked)
  if (!flags.includes('-')) {
    const filler = flags.includes('_') ? ' ' : flags.includes('0') ? '0' : (fill ?? ' ')
    result = result.padStart(size, filler)
  }
  if (flags.includes('^')) result = result.toUpperCase()
  if (flags.includes('#')) result = result === result.toUpperCase() ? result.toLowerCase() : result.toUpperCase()
  return result
}

/** `+0900` */
function offsetText(offset: number, separator: string): string {
  const minutes = Math.abs(offset)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${separator}${two(minutes % 60)}`
}

/** The week by ISO 8601: weeks begin on Monday, and the first one holds the year's first Thursday. */
function isoWeek(at: CalendarTime): { year: number; week: number } {
  const weekday = (at.weekday + 6) % 7
  const week = Math.floor((at.yearday - weekday + 9) / 7)
  if (week < 1) return { year: at.year - 1, week: weeksIn(at.year - 1) }
  if (week > weeksIn(at.year)) return { year: at.year + 1, week: 1 }
  return { year: at.year, week }
}

function weeksIn(year: number): number {
  const first = calendarTime(Date.UTC(year, 0, 1)).weekday
  const last = calendarTime(Date.UTC(year, 11, 31)).weekday
  return first === 4 || last === 4 ? 53 : 52
}
