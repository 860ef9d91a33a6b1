interface CronField {
  readonly low: number
  readonly high: number
  readonly names?: readonly string[]
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const fields: readonly CronField[] = [
  { low: 0, high: 59 },
  { low: 0, high: 23 },
  { low: 1, high: 31 },
  { low: 1, high: 12, names: months },
  { low: 0, high: 6, names: days },
]
const shorthands = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly']

/** What is wrong with a schedule, in the words of robfig/cron, which the real server reads it with. */
export function checkSchedule(schedule: string): string[] {
  if (/^(CRON_)?TZ=/.test(schedule)) return ['cannot use TZ or CRON_TZ in schedule, use timeZone field instead']
  if (schedule.startsWith('@')) {
    if (shorthands.includes(schedule)) return []
    if (/^@every \d+(\.\d+)?(ns|us|ms|s|m|h)/.test(schedule)) return []
    return [`unrecognized descriptor: ${schedule}`]
  }
  const parts = schedule.trim().split(/\s+/)
  if (parts.length !== 5) return [`expected exactly 5 fields, found ${parts.length}: [${parts.join(' ')}]`]
  for (const [index, part] of parts.entries())
    for (const item of part.split(',')) {
      const wrong = checkRange(item, fields[index]!)
      if (wrong) return [wrong]
    }
  return []
}

function checkRange(text: string, field: CronField): string | undefined {
  const [range = '', step, ...rest] = text.split('/')
  if (rest.length > 0) return `too many slashes: ${text}`
  const [from = '', to, ...more] = range.split('-')
  if (more.length > 0) return `too many hyphens: ${text}`
  if (step !== undefined) {
    if (!/^\d+$/.test(step)) return `failed to parse int from ${step}: strconv.Atoi: parsing "${step}": invalid syntax`
    if (Number(step) === 0) return `step of range should be a positive number: ${text}`
  }
  if (from === '*' || from === '?') return undefined
  const start = readNumber(from, field)
  if (typeof start === 'string') return start
  const end = to === undefined ? start : readNumber(to, field)
  if (typeof end === 'string') return end
  if (start < field.low) return `beginning of range (${start}) below minimum (${field.low}): ${text}`
  if (end > field.high) return `end of range (${end}) above maximum (${field.high}): ${text}`
  if (start > end) return `beginning of range (${start}) beyond end of range (${end}): ${text}`
  return undefined
}

function readNumber(text: string, { names, low }: CronField): number | string {
  const named = names?.indexOf(text.toLowerCase()) ?? -1
  if (named >= 0) return named + low
  return /^\d+$/.test(text)
    ? Number(text)
    : `failed to parse int from ${text}: strconv.Atoi: parsing "${text}": invalid syntax`
}

/** What is wrong with the name of a time zone. */
export function checkTimeZone(name: string): string[] {
  if (name === '') return ['timeZone must be nil or non-empty string']
  if (name.toLowerCase() === 'local')
    return ['timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones']
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name })
    return []
  } catch {
    return [`unknown time zone ${name}`]
  }
}
