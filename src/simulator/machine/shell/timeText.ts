const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const months = [
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

/** Formats a time as strftime(3) does, in UTC. */
export function formatTime(format: string, milliseconds: number): string {
  const date = new Date(milliseconds)
  const two = (value: number) => String(value).padStart(2, '0')
  const hour = date.getUTCHours()
  const letters: Readonly<Record<string, () => string>> = {
    Y: () => String(date.getUTCFullYear()),
    y: () => two(date.getUTCFullYear() % 100),
    m: () => two(date.getUTCMonth() + 1),
    d: () => two(date.getUTCDate()),
    e: () => String(date.getUTCDate()).padStart(2),
    H: () => two(hour),
    I: () => two(((hour + 11) % 12) + 1),
    M: () => two(date.getUTCMinutes()),
    S: () => two(date.getUTCSeconds()),
    N: () => String(date.getUTCMilliseconds() * 1_000_000).padStart(9, '0'),
    s: () => String(Math.floor(milliseconds / 1000)),
    p: () => (hour < 12 ? 'AM' : 'PM'),
    A: () => days[date.getUTCDay()]!,
    a: () => days[date.getUTCDay()]!.slice(0, 3),
    B: () => months[date.getUTCMonth()]!,
    b: () => months[date.getUTCMonth()]!.slice(0, 3),
    h: () => months[date.getUTCMonth()]!.slice(0, 3),
    j: () => String(Math.floor((milliseconds - Date.UTC(date.getUTCFullYear(), 0)) / 86_400_000) + 1).padStart(3, '0'),
    u: () => String(date.getUTCDay() || 7),
    w: () => String(date.getUTCDay()),
    Z: () => 'UTC',
    z: () => '+0000',
    F: () => formatTime('%Y-%m-%d', milliseconds),
    D: () => formatTime('%m/%d/%y', milliseconds),
    T: () => formatTime('%H:%M:%S', milliseconds),
    R: () => formatTime('%H:%M', milliseconds),
    X: () => formatTime('%H:%M:%S', milliseconds),
    x: () => formatTime('%m/%d/%y', milliseconds),
    c: () => formatTime('%a %b %e %H:%M:%S %Y', milliseconds),
    r: () => formatTime('%I:%M:%S %p', milliseconds),
    n: () => '\n',
    t: () => '\t',
    '%': () => '%',
  }
  return format.replace(/%([a-zA-Z%])/g, (all, letter: string) => letters[letter]?.() ?? all)
}
