const letters = ['', 'K', 'M', 'G', 'T', 'P', 'E']

/** A size as `ls -h` and `du -h` show it: 999, 1.5K, 12M; rounded up. `base` 1000 gives small k as with --si. */
export function humanSize(bytes: number, base: 1000 | 1024 = 1024): string {
  let size = bytes
  let power = 0
  while (size >= base && power < letters.length - 1) {
    size /= base
    power++
  }
  if (power === 0) return String(bytes)
  const tenths = Math.ceil(size * 10 - 1e-9) / 10
  const letter = base === 1000 && power === 1 ? 'k' : letters[power]
  if (tenths < 10) return `${tenths.toFixed(1)}${letter}`
  const whole = Math.ceil(size - 1e-9)
  return whole >= base && power < letters.length - 1 ? `1.0${letters[power + 1]}` : `${whole}${letter}`
}

/** The bytes that `10K`, `1MB` or `2G` stands for, by GNU's rules; undefined for anything else. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+)(?:(b)|(?:([kKMGTPE])(iB|B)?))?$/.exec(text)
  if (!match) return undefined
  const [, digits, block, letter, ending] = match
  if (block) return Number(digits) * 512
  const power = letter ? letters.indexOf(letter.toUpperCase()) : 0
  return Number(digits) * (ending === 'B' ? 1000 : 1024) ** power
}

/** The milliseconds that `1.5`, `10s`, `2m`, `1h` or `1d` stands for; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  if (/^inf(inity)?$/i.test(text)) return Number.POSITIVE_INFINITY
  const match = /^(\d+\.?\d*(?:e[-+]?\d+)?|\.\d+)([smhd]?)$/i.exec(text)
  if (!match) return undefined
  const unit = { '': 1000, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[match[2]!]
  return unit === undefined ? undefined : Number(match[1]) * unit
}
