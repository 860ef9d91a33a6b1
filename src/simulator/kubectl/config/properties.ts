import { Failure } from '../failure.ts'
import type { KubeconfigFiles, Section } from './kubeconfig.ts'

/** Fields that hold true or false. */
const switches = new Set(['insecure-skip-tls-verify', 'disable-compression'])

/** Changes what a dotted name leads to: `clusters.lab.server`, `current-context`; undefined takes it away. */
export function changeProperty(files: KubeconfigFiles, property: string, value: string | undefined): void {
  if (property === 'current-context') return files.useContext(value ?? '')
  const [section, ...rest] = property.split('.')
  if (section !== 'clusters' && section !== 'contexts' && section !== 'users')
    throw new Failure(`unable to locate path ${JSON.stringify(property)}`)
  const { name, field } = splitName(files, section, rest)
  if (field === undefined) {
    if (value !== undefined) throw new Failure(`cannot set ${property}: a field is missing`)
    return files.change(section, name, undefined)
  }
  const entry: Record<string, unknown> = { ...files.load()[section].get(name) }
  if (value === undefined) delete entry[field]
  else entry[field] = switches.has(field) ? value === 'true' : value
  files.change(section, name, entry)
}

/** Names may hold dots: the longest one that is known wins. */
function splitName(
  files: KubeconfigFiles,
  section: Section,
  parts: readonly string[],
): { name: string; field?: string } {
  const known = files.load()[section]
  for (let length = parts.length; length > 0; length--) {
    const name = parts.slice(0, length).join('.')
    if (known.has(name)) return length === parts.length ? { name } : { name, field: parts.slice(length).join('.') }
  }
  return parts.length > 1 ? { name: parts.slice(0, -1).join('.'), field: parts.at(-1)! } : { name: parts[0] ?? '' }
}
