import { resolveScalar } from '../yaml/resolve.ts'

/** A JSON value as KYAML: YAML in flow style, with quoted text and commas everywhere. Keys stand as they are. */
export function formatKyaml(value: unknown): string {
  return `---\n${render(value, 0)}\n`
}

function render(value: unknown, indent: number): string {
  if (typeof value === 'string') return quoted(value, indent)
  if (Array.isArray(value)) return list(value, indent)
  if (typeof value === 'object' && value !== null) return map(value as Record<string, unknown>, indent)
  return String(value ?? null)
}

function map(object: Readonly<Record<string, unknown>>, indent: number): string {
  const fields = Object.entries(object).filter(([, value]) => value !== undefined)
  if (fields.length === 0) return '{}'
  const pad = ' '.repeat(indent + 2)
  const lines = fields.map(([key, value]) => `${pad}${keyText(key)}: ${render(value, indent + 2)},\n`)
  return `{\n${lines.join('')}${' '.repeat(indent)}}`
}

function list(items: readonly unknown[], indent: number): string {
  if (items.length === 0) return '[]'
  // Lists of maps are cuddled: the brackets share lines with the braces.
  if (items.every(item => typeof item === 'object' && item !== null && !Array.isArray(item))) {
    return `[${items.map(item => render(item, indent)).join(', ')}]`
  }
  const pad = ' '.repeat(indent + 2)
  return `[\n${items.map(item => `${pad}${render(item, indent + 2)},\n`).join('')}${' '.repeat(indent)}]`
}

function keyText(key: string): string {
  const isPlain = /^[A-Za-z_][A-Za-z0-9_./-]*$/.test(key) && typeof resolveScalar(key, undefined, true) === 'string'
  return isPlain ? key : JSON.stringify(key)
}

/** Text in double quotes; text of several lines gets a line for each. */
function quoted(value: string, indent: number): string {
  const inner = JSON.stringify(value).slice(1, -1)
  if (!value.includes('\n')) return `"${inner}"`
  const pad = ' '.repeat(indent + 1)
  const lines = inner.split(/(?<=\\n)/).map(line => `${pad}${line.replace(/^ /, '\\ ')}\\\n`)
  return `"\\\n${lines.join('')}${' '.repeat(indent)}"`
}
