import { calendarTime, dayNames, formatDate, monthNames } from '../dateFormat.ts'
import { JqError, type Json } from './syntax.ts'

type DateBuiltin = (input: Json, ...values: Json[]) => Json

/** Filters about dates: seconds since 1970, text, and the broken-down time of C. */
export const dateBuiltins: Readonly<Record<string, DateBuiltin>> = {
  'gmtime/0': input => brokenDown(seconds(input, 'gmtime()')),
  'localtime/0': input => brokenDown(seconds(input, 'localtime()')),
  'mktime/0'(input) {
    if (!Array.isArray(input)) throw new JqError('mktime requires array of 6 numbers')
    return Math.floor(timeOf(input, 'mktime') / 1000)
  },
  'strftime/1': (input, format) => strftime(input, format, 'strftime/1'),
  'strflocaltime/1': (input, format) => strftime(input, format, 'strflocaltime/1'),
  'strptime/1'(input, format) {
    if (typeof input !== 'string' || typeof format !== 'string') {
      throw new JqError('strptime/1 requires string inputs and arguments')
    }
    const time = strptime(input, format)
    if (time === undefined) throw new JqError(`date "${input}" does not match format "${format}"`)
    return brokenDown(time / 1000)
  },
}

function seconds(input: Json, name: string): number {
  if (typeof input !== 'number') throw new JqError(`${name} requires a number`)
  return input
}

/** Year, month from nought, day, hour, minute, second, weekday, day of the year from nought. */
function brokenDown(time: number): number[] {
  const { year, month, day, hour, minute, second, weekday, yearday } = calendarTime(time * 1000)
  return [year, month - 1, day, hour, minute, second + (time % 1), weekday, yearday - 1]
}

function timeOf(parts: readonly Json[], name: string): number {
  if (parts.length < 6 || !parts.every(part => typeof part === 'number')) {
    throw new JqError(`${name} requires parsed datetime inputs`)
  }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts as number[]
  return Date.UTC(year, month, day, hour, minute, Math.floor(second))
}

function strftime(input: Json, format: Json | undefined, name: string): string {
  if (typeof format !== 'string') throw new JqError(`${name} requires a string format`)
  if (typeof input === 'number') return formatDate(format, Math.floor(input) * 1000)
  if (!Array.isArray(input)) throw new JqError(`${name} requires parsed datetime inputs`)
  return formatDate(format, timeOf(input, name))
}

const fields: Readonly<Record<string, string>> = {
  Y: '(?<Y>\\d{4})',
  m: '(?<m>\\d{1,2})',
  d: '(?<d>\\d{1,2})',
  e: ' ?(?<d>\\d{1,2})',
  H: '(?<H>\\d{1,2})',
  M: '(?<M>\\d{1,2})',
  S: '(?<S>\\d{1,2})',
  j: '(?<j>\\d{1,3})',
  s: '(?<s>\\d+)',
  Z: '[A-Za-z]+',
  z: '(?<z>[-+]\\d{2}:?\\d{2}|Z)',
  T: '(?<H>\\d{1,2}):(?<M>\\d{1,2}):(?<S>\\d{1,2})',
  F: '(?<Y>\\d{4})-(?<m>\\d{1,2})-(?<d>\\d{1,2})',
  a: `(?:${dayNames.map(name => `${name}|${name.slice(0, 3)}`).join('|')})`,
  A: `(?:${dayNames.map(name => `${name}|${name.slice(0, 3)}`).join('|')})`,
  b: `(?<b>${monthNames.map(name => `${name}|${name.slice(0, 3)}`).join('|')})`,
  B: `(?<b>${monthNames.map(name => `${name}|${name.slice(0, 3)}`).join('|')})`,
  '%': '%',
}

/** Milliseconds since 1970 of a text in a format of strptime(3). */
function strptime(text: string, format: string): number | undefined {
  const source = format.replace(/%([a-zA-Z%])|([\\^$.*+?()[\]{}|])|(\s+)/g, (_all, letter, mark, blank) => {
    if (mark !== undefined) return `\\${mark}`
    return blank === undefined ? (fields[letter] ?? '(?!)') : '\\s*'
  })
  const groups = new RegExp(`^${source}$`, 'i').exec(text)?.groups
  if (!groups) return undefined
  const { Y = '1900', m, d = '1', H = '0', M = '0', S = '0', b, s, z } = groups
  if (s !== undefined) return Number(s) * 1000
  const month =
    b === undefined
      ? Number(m ?? 1) - 1
      : monthNames.findIndex(name => name.slice(0, 3).toLowerCase() === b.slice(0, 3).toLowerCase())
  const zone = /^([-+])(\d{2}):?(\d{2})$/.exec(z ?? '')
  const offset = zone ? (Number(zone[2]) * 60 + Number(zone[3])) * (zone[1] === '-' ? -1 : 1) : 0
  return Date.UTC(Number(Y), month, Number(d), Number(H), Number(M), Number(S)) - offset * 60_000
}
