import { escapeHtml } from '../../cluster/api/goJson.ts'

/** JSON as kubectl prints objects: four blanks a level. Keys stand as they are. */
export function formatJson(value: unknown): string {
  return `${escapeHtml(JSON.stringify(value, undefined, 4) ?? 'null')}\n`
}

/** A copy with the keys of each object in order. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const object = value as Record<string, unknown>
  return Object.fromEntries(
    Object.keys(object)
      .sort()
      .map(key => [key, sorted(object[key])]),
  )
}

/** A value as Go's %#v prints what JSON was decoded into. */
export function goSyntax(value: unknown): string {
  if (value === null || value === undefined) return 'interface {}(nil)'
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`
  if (typeof value === 'object') {
    const object = value as Record<string, unknown>
    const fields = Object.keys(object)
      .sort()
      .map(key => `${JSON.stringify(key)}:${goSyntax(object[key])}`)
    return `map[string]interface {}{${fields.join(', ')}}`
  }
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}
