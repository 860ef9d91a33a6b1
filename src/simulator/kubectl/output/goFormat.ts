/** A decoded JSON value as Go's fmt prints it with %v. Whole numbers are integers, as kubectl decodes them. */
export function goText(value: unknown): string {
  if (value === null || value === undefined) return '<nil>'
  if (typeof value === 'number') return goFloat(value)
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`
  if (typeof value !== 'object') return String(value)
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `map[${fields.map(([key, field]) => `${key}:${goText(field)}`).join(' ')}]`
}

/** The shortest digits that mean the number, with an exponent for very small and very large ones. */
function goFloat(value: number): string {
  if (Number.isInteger(value)) return String(value)
  const exponent = Math.floor(Math.log10(Math.abs(value)))
  if (exponent >= -4 && exponent < 21) return String(value)
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
}

/** The name of a value's Go type. */
export function goTypeName(value: unknown): string {
  if (value === null || value === undefined) return 'nil'
  if (Array.isArray(value)) return '[]interface {}'
  switch (typeof value) {
    case 'string':
      return 'string'
    case 'boolean':
      return 'bool'
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float64'
    default:
      return 'map[string]interface {}'
  }
}

/** fmt.Sprint: blanks only between operands that are both no text. */
export function printGo(values: readonly unknown[]): string {
  return values
    .map((value, i) => {
      const needsBlank = i > 0 && typeof value !== 'string' && typeof values[i - 1] !== 'string'
      return (needsBlank ? ' ' : '') + goText(value)
    })
    .join('')
}

/** fmt.Sprintf with the verbs that templates use. */
export function formatGo(format: string, values: readonly unknown[]): string {
  let next = 0
  const text = format.replace(
    /%(%|([-+ 0#]*)(\d*)(?:\.(\d+))?([a-zA-Z]))/g,
    (whole, _, flags, width, precision, verb) => {
      if (whole === '%%') return '%'
      if (next >= values.length) return `%!${verb}(MISSING)`
      const body = formatOne(verb, values[next++], precision === undefined ? undefined : Number(precision))
      const size = Number(width || 0)
      if (flags.includes('-')) return body.padEnd(size)
      return flags.includes('0') && verb !== 's' ? body.padStart(size, '0') : body.padStart(size)
    },
  )
  if (next >= values.length) return text
  const extra = values.slice(next).map(value => `${goTypeName(value)}=${goText(value)}`)
  return `${text}%!(EXTRA ${extra.join(', ')})`
}

function formatOne(verb: string, value: unknown, precision: number | undefined): string {
  const wrong = () => `%!${verb}(${goTypeName(value)}=${goText(value)})`
  switch (verb) {
    case 'v':
      return goText(value)
    case 's':
      if (typeof value === 'number' || typeof value === 'boolean') return wrong()
      return precision === undefined ? goText(value) : goText(value).slice(0, precision)
    case 'q':
      return typeof value === 'string' ? JSON.stringify(value) : wrong()
    case 'd':
      return Number.isInteger(value) ? String(value) : wrong()
    case 'x':
      return Number.isInteger(value) ? (value as number).toString(16) : wrong()
    case 'f':
      return typeof value === 'number' ? value.toFixed(precision ?? 6) : wrong()
    case 'g':
      return typeof value === 'number' ? goText(value) : wrong()
    case 't':
      return typeof value === 'boolean' ? String(value) : wrong()
    case 'T':
      return goTypeName(value)
    default:
      return `%!${verb}(${goTypeName(value)}=${goText(value)})`
  }
}
