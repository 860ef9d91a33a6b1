import { bytesOf } from '../bytes.ts'
import { jsonText, shortText } from './jsonText.ts'
import { JqError, type Json } from './syntax.ts'
import { typeOf } from './value.ts'

/** `@csv`, `@base64` and the like: a value as text of a certain kind. */
export function formatText(name: string, value: Json): string {
  switch (name) {
    case '@text':
      return typeof value === 'string' ? value : jsonText(value)
    case '@json':
      return jsonText(value)
    case '@csv':
      return row(name, value, ',', text => `"${text.replaceAll('"', '""')}"`)
    case '@tsv':
      return row(name, value, '\t', text =>
        text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r'),
      )
    case '@html':
      return formatText('@text', value).replace(/[<>&'"]/g, mark => entities[mark]!)
    case '@uri':
      return encodeURIComponent(formatText('@text', value)).replace(
        /[!'()*]/g,
        mark => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
      )
    case '@sh':
      return (Array.isArray(value) ? value : [value]).map(shellText).join(' ')
    case '@base64':
      return btoa(String.fromCharCode(...bytesOf(formatText('@text', value))))
    case '@base64d':
      return new TextDecoder().decode(Uint8Array.from(atob(formatText('@text', value)), mark => mark.charCodeAt(0)))
    default:
      throw new JqError(`${name.slice(1)} is not a valid format`)
  }
}

const entities: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  "'": '&#39;',
  '"': '&quot;',
}

function row(name: string, value: Json, separator: string, quote: (text: string) => string): string {
  if (!Array.isArray(value))
    throw new JqError(
      `${typeOf(value)} (${shortText(value)}) cannot be ${name.slice(1)}-formatted, only an array can be`,
    )
  return value
    .map(cell => {
      if (typeof cell === 'string') return quote(cell)
      if (cell === null) return ''
      if (typeof cell === 'object')
        throw new JqError(`${typeOf(cell)} (${shortText(cell)}) is not valid in a ${name.slice(1)} row`)
      return String(cell)
    })
    .join(separator)
}

function shellText(value: Json): string {
  if (typeof value === 'string') return `'${value.replaceAll("'", "'\\''")}'`
  if (typeof value === 'object' && value !== null)
    throw new JqError(`${typeOf(value)} (${shortText(value)}) can not be escaped for shell`)
  return String(value)
}
