/** JSON as Go writes it into one line, with `<`, `>` and `&` escaped. Keys stand as they are: maps come sorted. */
export function formatJsonLine(value: unknown): string {
  return escapeHtml(JSON.stringify(value))
}

/** Characters that Go's encoder never writes as they are. */
export function escapeHtml(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
