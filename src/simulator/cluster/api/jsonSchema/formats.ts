const octet = '(25[0-5]|2[0-4]\\d|1?\\d?\\d)'
const ipv4 = new RegExp(`^${octet}(\\.${octet}){3}$`)
const ipv6 = /^[0-9a-fA-F:]*:[0-9a-fA-F:.]*$/
const hex = '[0-9a-fA-F]'
const uuid = new RegExp(`^${hex}{8}-?${hex}{4}-?${hex}{4}-?${hex}{4}-?${hex}{12}$`)
const dateTime = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:?\d\d)$/
const words =
  '(nanoseconds?|nanos?|ns|microseconds?|micros?|us|µs|milliseconds?|millis?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|wks?|w)'
const duration = new RegExp(
  `^(0|[+-]?(\\d+(\\.\\d*)?|\\.\\d+)\\s*${words}(\\s*(\\d+(\\.\\d*)?|\\.\\d+)\\s*${words})*)$`,
)

/** Formats of texts that the server checks; it knows no others and lets them pass. */
const formats: Readonly<Record<string, (text: string) => boolean>> = {
  bsonobjectid: text => new RegExp(`^${hex}{24}$`).test(text),
  byte: text => /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0,
  cidr: text => {
    const [address = '', bits = ''] = text.split('/')
    return (
      /^\d+$/.test(bits) && ((ipv4.test(address) && Number(bits) <= 32) || (isIpv6(address) && Number(bits) <= 128))
    )
  },
  date: text => /^\d{4}-\d\d-\d\d$/.test(text) && isDate(text),
  datetime: text => dateTime.test(text) && isDate(text.slice(0, 10)),
  duration: text => duration.test(text),
  email: text => /^[^\s@<>]+@[^\s@<>]+$/.test(text),
  hexcolor: text => /^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/.test(text),
  hostname: text =>
    text.length <= 255 &&
    /^([a-zA-Z0-9]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?\.)*[a-zA-Z0-9]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/.test(text),
  ipv4: text => ipv4.test(text),
  ipv6: isIpv6,
  mac: text => new RegExp(`^${hex}{2}([:-]${hex}{2}){5}$`).test(text),
  uri: text => /^([a-zA-Z][a-zA-Z0-9+.-]*:\S+|\/\S*)$/.test(text),
  uuid: text => uuid.test(text),
  uuid3: text => uuid.test(text) && text.replaceAll('-', '')[12] === '3',
  uuid4: text => uuid.test(text) && text.replaceAll('-', '')[12] === '4',
  uuid5: text => uuid.test(text) && text.replaceAll('-', '')[12] === '5',
}

/** Whether a text has a format; every text has a format that nobody knows. */
export function hasFormat(text: string, format: string): boolean {
  return formats[format.replaceAll('-', '')]?.(text) ?? true
}

function isIpv6(text: string): boolean {
  if (!ipv6.test(text) || text.split('::').length > 2) return false
  const groups = text.split(':').filter(group => group !== '')
  const tail = groups.at(-1) ?? ''
  const size = groups.length + (ipv4.test(tail) ? 1 : 0)
  const isFine = groups.every(
    (group, index) => /^[0-9a-fA-F]{1,4}$/.test(group) || (index === groups.length - 1 && ipv4.test(group)),
  )
  return isFine && (text.includes('::') ? size < 8 : size === 8)
}

function isDate(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}
