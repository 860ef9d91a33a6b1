import type { Json } from './syntax.ts'

/** How jq prints a value. */
export interface JsonStyle {
  /** Columns of each level; 0 puts everything on one line. */
  readonly indent: number | '\t'
  readonly sortsKeys: boolean
  readonly isAscii: boolean
  readonly hasColor: boolean
}

const compact: JsonStyle = { indent: 0, sortsKeys: false, isAscii: false, hasColor: false }

/** A value as JSON on one line. */
export function jsonText(value: Json): string {
  return formatJson(value, compact)
}

/** A value in an error message, cut as jq cuts it: eleven bytes and dots. */
export function shortText(value: Json): string {
  const text = jsonText(value)
  return text.length > 14 ? `${text.slice(0, 11)}...` : text
}

/** A value as JSON in the style of jq's options. */
export function formatJson(value: Json, style: JsonStyle): string {
  return style.hasColor ? painted(value, style, 0) : plain(value, style, 0)
}

function plain(value: Json, style: JsonStyle, depth: number): string {
  if (typeof value !== 'object' || value === null) return scalarText(value, style)
  const items = Array.isArray(value)
    ? value.map(item => plain(item, style, depth + 1))
    : keysOf(value, style).map(
        key => `${quoteText(key, style)}:${style.indent === 0 ? '' : ' '}${plain(value[key]!, style, depth + 1)}`,
      )
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  if (items.length === 0) return `${open}${close}`
  return `${open}${lineBreak(style, depth + 1)}${items.join(`,${lineBreak(style, depth + 1)}`)}${lineBreak(style, depth)}${close}`
}

function keysOf(value: { [key: string]: Json }, { sortsKeys }: JsonStyle): string[] {
  return sortsKeys ? Object.keys(value).sort() : Object.keys(value)
}

function lineBreak({ indent }: JsonStyle, depth: number): string {
  if (indent === 0) return ''
  return `\n${indent === '\t' ? '\t'.repeat(depth) : ' '.repeat(indent * depth)}`
}

function scalarText(value: null | boolean | number | string, style: JsonStyle): string {
  if (typeof value === 'string') return quoteText(value, style)
  return typeof value === 'number' ? numberText(value) : String(value)
}

/** A number with up to seventeen digits, as jq 1.6 writes it: 1e+17, 1e-05. */
function numberText(value: number): string {
  if (Number.isNaN(value)) return 'null'
  if (!Number.isFinite(value)) return value < 0 ? '-1.7976931348623157e+308' : '1.7976931348623157e+308'
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  const [mantissa = '', exponent = ''] = Math.abs(value).toExponential().split('e')
  const digits = mantissa.replace('.', '')
  const point = Number(exponent) + 1
  const sign = value < 0 ? '-' : ''
  if (point <= -4 || point > digits.length + 15) {
    const power = Math.abs(point - 1)
      .toString()
      .padStart(2, '0')
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : ''
    return `${sign}${digits[0]}${fraction}e${point - 1 < 0 ? '-' : '+'}${power}`
  }
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  if (point >= digits.length) return sign + digits.padEnd(point, '0')
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`
}

function quoteText(text: string, { isAscii }: JsonStyle): string {
  const quoted = JSON.stringify(text).replaceAll('\x7f', '\\u007f')
  if (!isAscii) return quoted
  return quoted.replace(/[\u0080-\uffff]/g, mark => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

const reset = '\x1b[0m'
const structure = '\x1b[1;39m'

function colorOf(value: Json): string {
  if (value === null) return '\x1b[1;30m'
  if (typeof value === 'string') return '\x1b[0;32m'
  return typeof value === 'object' ? structure : '\x1b[0;39m'
}

/** The same with jq 1.6's colours, which end and begin anew around each sign. */
function painted(value: Json, style: JsonStyle, depth: number): string {
  if (typeof value !== 'object' || value === null) return colorOf(value) + scalarText(value, style) + reset
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  const isEmpty = Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0
  if (isEmpty) return `${structure}${open}${close}${reset}`
  let text = `${structure}${open}${lineBreak(style, depth + 1)}`
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      if (index > 0) text += `${structure},${lineBreak(style, depth + 1)}`
      text += painted(item, style, depth + 1)
    })
  } else {
    keysOf(value, style).forEach((key, index) => {
      text += index > 0 ? `${structure},${lineBreak(style, depth + 1)}${reset}` : reset
      text += `\x1b[34;1m${quoteText(key, style)}${reset}${structure}:${style.indent === 0 ? '' : ' '}${reset}`
      text += painted(value[key]!, style, depth + 1)
    })
  }
  return `${text}${structure}${lineBreak(style, depth)}${structure}${close}${reset}`
}
