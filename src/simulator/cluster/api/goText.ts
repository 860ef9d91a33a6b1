/** A JSON value as Go's `%v` prints it, for the messages that show one: `map[image:nginx name:web]`. */
export function goText(value: unknown): string {
  if (value === null || value === undefined) return '<nil>'
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`
  if (typeof value !== 'object') return String(value)
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `map[${fields.map(([key, field]) => `${key}:${goText(field)}`).join(' ')}]`
}
