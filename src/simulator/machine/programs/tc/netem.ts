import type { NetemSettings } from '../../../network/netem.ts'

/** A command that `tc` refuses: its words and its exit status. */
export class TcError extends Error {
  readonly status: number
  constructor(message: string, status = 1) {
    super(message)
    this.status = status
  }
}

const usage = `Usage: ... netem	[ limit PACKETS ]
		[ delay TIME [ JITTER [CORRELATION]]]
		[ distribution {uniform|normal|pareto|paretonormal} ]
		[ corrupt PERCENT [CORRELATION]]
		[ duplicate PERCENT [CORRELATION]]
		[ loss random PERCENT [CORRELATION]]
		[ loss state P13 [P31 [P32 [P23 P14]]]
		[ loss gemodel PERCENT [R [1-H [1-K]]]
		[ ecn ]
		[ reorder PERCENT [CORRELATION] [ gap DISTANCE ]]
		[ rate RATE [PACKETOVERHEAD] [CELLSIZE] [CELLOVERHEAD]]
		[ slot MIN_DELAY [MAX_DELAY] [packets MAX_PACKETS] [bytes MAX_BYTES]]
`

/** Reads what stands after `netem`. */
export function readNetem(words: readonly string[]): NetemSettings {
  const settings: { -readonly [key in keyof NetemSettings]: NetemSettings[key] } = { limit: 1000 }
  const rest = [...words]
  const isNumber = () => /^\d/.test(rest[0] ?? '')
  const value = () => {
    const word = rest.shift()
    if (word === undefined) throw new TcError('Command line is not complete. Try option "help"', 255)
    return word
  }
  while (rest.length > 0) {
    const word = rest.shift()!
    switch (word) {
      case 'limit':
        settings.limit = wholeNumber(value(), 'limit')
        break
      case 'delay':
      case 'latency':
        settings.delay = milliseconds(value(), 'latency')
        if (isNumber()) settings.jitter = milliseconds(value(), 'latency')
        if (isNumber()) throw notSimulated('a correlation')
        break
      case 'loss':
      case 'drop':
        if (rest[0] === 'state' || rest[0] === 'gemodel') throw notSimulated(`loss ${rest[0]}`)
        if (rest[0] === 'random') rest.shift()
        settings.loss = percent(value(), 'loss percent')
        if (isNumber()) throw notSimulated('a correlation')
        break
      case 'duplicate':
        settings.duplicate = percent(value(), 'duplicate')
        if (isNumber()) throw notSimulated('a correlation')
        break
      case 'rate':
        settings.rate = bits(value())
        break
      case 'corrupt':
      case 'reorder':
      case 'gap':
      case 'distribution':
      case 'slot':
      case 'ecn':
        throw notSimulated(word)
      case 'help':
        throw new TcError(usage)
      default:
        throw new TcError(`What is "${word}"?\n${usage}`)
    }
  }
  return settings
}

/** A discipline as `tc qdisc show` writes it. */
export function netemText({ limit, delay = 0, jitter = 0, loss = 0, duplicate = 0, rate }: NetemSettings): string {
  let text = ` limit ${limit}`
  if (delay > 0) text += ` delay ${timeText(delay)}${jitter > 0 ? `  ${timeText(jitter)}` : ''}`
  if (loss > 0) text += ` loss ${shortNumber(loss)}%`
  if (duplicate > 0) text += ` duplicate ${shortNumber(duplicate)}%`
  if (rate !== undefined) text += ` rate ${rateText(rate)}`
  return text
}

function notSimulated(what: string): TcError {
  return new TcError(`tc: netem with ${what} is not simulated here`)
}

function wholeNumber(text: string, name: string): number {
  if (!/^\d+$/.test(text)) throw new TcError(`Illegal "${name}"`)
  return Number(text)
}

function percent(text: string, name: string): number {
  const given = /^(\d+(?:\.\d*)?)%?$/.exec(text)?.[1]
  if (given === undefined || Number(given) > 100) throw new TcError(`Illegal "${name}"`)
  return Number(given)
}

function milliseconds(text: string, name: string): number {
  const [, number, unit = 'us'] = /^(\d+(?:\.\d+)?)(s|secs?|ms|msecs?|us|usecs?)?$/.exec(text) ?? []
  if (number === undefined) throw new TcError(`Illegal "${name}"`)
  return Number(number) * (unit.startsWith('s') ? 1000 : unit.startsWith('m') ? 1 : 0.001)
}

const rateUnits: Readonly<Record<string, number>> = {
  '': 1,
  bit: 1,
  kbit: 1e3,
  mbit: 1e6,
  gbit: 1e9,
  bps: 8,
  kbps: 8e3,
  mbps: 8e6,
  gbps: 8e9,
}

function bits(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)([a-z]*)$/i.exec(text) ?? []
  const factor = rateUnits[unit.toLowerCase()]
  if (number === undefined || factor === undefined) throw new TcError('Illegal "rate"')
  return Number(number) * factor
}

/** With three significant digits at most, as C's `%.3g` does it. */
function timeText(time: number): string {
  if (time >= 1000) return `${threeDigits(time / 1000)}s`
  return time >= 1 ? `${threeDigits(time)}ms` : `${Math.round(time * 1000)}us`
}

function threeDigits(value: number): string {
  return String(Number(value.toPrecision(3)))
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(6)))
}

function rateText(rate: number): string {
  for (const [unit, factor] of [
    ['Gbit', 1e9],
    ['Mbit', 1e6],
    ['Kbit', 1e3],
  ] as const)
    if (rate >= factor && rate % factor === 0) return `${rate / factor}${unit}`
  return `${rate}bit`
}
