import { Failure } from '../failure.ts'
import { base64, fromBase64 } from '../objects/bytes.ts'
import { fields, type Section } from './fields.ts'
import type { KubeconfigFiles } from './kubeconfig.ts'

/** How a value is understood. */
export interface PropertyOptions {
  /** Whether bytes come as they are instead of in base64. */
  readonly isRaw: boolean
}

/** Changes what a dotted name leads to: `clusters.lab.server`, `current-context`. */
export function setProperty(files: KubeconfigFiles, property: string, value: string, options: PropertyOptions): void {
  if (value === '') throw new Failure('you cannot use set to unset a property')
  const place = placeOf(files, property)
  if (place === 'current-context') return files.useContext(value)
  const { section, name, field } = place
  const type = field === undefined ? undefined : fields[section].get(field)?.type
  if (field === undefined || type === undefined || type === 'structure') {
    throw new Failure(`can't set a map to a value: ${goMap(files, section)}`)
  }
  const before = files.load()[section].get(name)
  files.change(section, name, { ...before, [field]: understood(value, type, options) })
}

/** Takes away what a dotted name leads to: a field, a named thing, or all of a kind. */
export function unsetProperty(files: KubeconfigFiles, property: string): void {
  const place = placeOf(files, property)
  if (place === 'current-context') return files.useContext('')
  const { section, name, field } = place
  if (name === '') {
    for (const each of files.load()[section].keys()) files.change(section, each, undefined)
    return
  }
  const before = files.load()[section].get(name)
  if (!before) return
  if (field === undefined) return files.change(section, name, undefined)
  const { [field]: _, ...rest } = before
  files.change(section, name, rest)
}

interface Place {
  readonly section: Section
  readonly name: string
  /** Absent where the name leads to the thing itself. */
  readonly field: string | undefined
}

function placeOf(files: KubeconfigFiles, property: string): Place | 'current-context' {
  const unreadable = () => new Failure(`unable to parse one or more field values of ${property}`)
  const [first = '', ...parts] = property.split('.')
  if (first === 'current-context') {
    if (parts.length > 0) throw unreadable()
    return 'current-context'
  }
  if (!Object.hasOwn(fields, first)) throw new Failure(`unable to parse ${property} after [] at api.Config`)
  const section = first as Section
  // Names may hold dots: a field's name ends them, or else a name that is known.
  const at = parts.findIndex((part, index) => index > 0 && fields[section].has(part))
  if (at < 0) {
    const known = files.load()[section]
    const length = parts.findLastIndex((_, index) => known.has(parts.slice(0, index + 1).join('.'))) + 1
    if (length === 0 || length === parts.length) return { section, name: parts.join('.'), field: undefined }
    return { section, name: parts.slice(0, length).join('.'), field: parts.slice(length).join('.') }
  }
  if (at < parts.length - 1) throw unreadable()
  return { section, name: parts.slice(0, at).join('.'), field: parts[at] }
}

function understood(value: string, type: 'text' | 'boolean' | 'bytes' | 'path', { isRaw }: PropertyOptions): unknown {
  if (type === 'boolean') {
    if (/^(1|t|T|true|TRUE|True)$/.test(value)) return true
    if (/^(0|f|F|false|FALSE|False)$/.test(value)) return false
    throw new Failure(`strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`)
  }
  if (type !== 'bytes') return value
  if (isRaw) return base64(value)
  const wrong = /[^A-Za-z0-9+/]/.exec(value.replace(/={1,2}$/, ''))
  if (wrong) throw new Failure(`error decoding input value: illegal base64 data at input byte ${wrong.index}`)
  return base64(fromBase64(value))
}

/** How Go prints a map of pointers; where they point is nobody's business, and so is the same in each lab. */
function goMap(files: KubeconfigFiles, section: Section): string {
  const names = [...files.load()[section].keys()].sort()
  const pointers = names.map((name, index) => `${name}:0x${(0xc0_001f_2000 + index * 0x80).toString(16)}`)
  return `map[${pointers.join(' ')}]`
}
