/** A named thing in a kubeconfig: a cluster, a context or a user. */
export type Entry = Readonly<Record<string, unknown>>

/** The three kinds of named things in a kubeconfig. */
export type Section = 'clusters' | 'contexts' | 'users'

/** What a field holds: bytes are written in base64, paths lead to files, and structures hold fields of their own. */
export type FieldType = 'text' | 'boolean' | 'bytes' | 'path' | 'structure'

interface Field {
  readonly type: FieldType
  /** Written even when it is empty. */
  readonly isRequired?: true
}

/** The fields of each kind of thing, in the order of Go's types. */
export const fields: Readonly<Record<Section, ReadonlyMap<string, Field>>> = {
  clusters: new Map<string, Field>([
    ['server', { type: 'text', isRequired: true }],
    ['tls-server-name', { type: 'text' }],
    ['insecure-skip-tls-verify', { type: 'boolean' }],
    ['certificate-authority', { type: 'path' }],
    ['certificate-authority-data', { type: 'bytes' }],
    ['proxy-url', { type: 'text' }],
    ['disable-compression', { type: 'boolean' }],
  ]),
  contexts: new Map<string, Field>([
    ['cluster', { type: 'text', isRequired: true }],
    ['user', { type: 'text', isRequired: true }],
    ['namespace', { type: 'text' }],
  ]),
  users: new Map<string, Field>([
    ['client-certificate', { type: 'path' }],
    ['client-certificate-data', { type: 'bytes' }],
    ['client-key', { type: 'path' }],
    ['client-key-data', { type: 'bytes' }],
    ['token', { type: 'text' }],
    ['tokenFile', { type: 'path' }],
    ['as', { type: 'structure' }],
    ['as-uid', { type: 'structure' }],
    ['as-groups', { type: 'structure' }],
    ['as-user-extra', { type: 'structure' }],
    ['username', { type: 'text' }],
    ['password', { type: 'text' }],
    ['auth-provider', { type: 'structure' }],
    ['exec', { type: 'structure' }],
  ]),
}

/** A thing as Go's type holds it: known fields alone, in their order, without empty ones. */
export function normalized(section: Section, entry: Entry): Entry {
  const result: Record<string, unknown> = {}
  for (const [name, { isRequired }] of fields[section]) {
    const value = entry[name]
    const isEmpty = value === undefined || value === null || value === '' || value === false
    if (isRequired) result[name] = isEmpty ? '' : value
    else if (!isEmpty) result[name] = value
  }
  return result
}

/** The same thing with the paths in it changed. */
export function withPaths(section: Section, entry: Entry, change: (path: string) => string): Entry {
  const changed = Object.entries(entry).map(([name, value]) => {
    const isPath = fields[section].get(name)?.type === 'path' && typeof value === 'string' && value !== ''
    return [name, isPath ? change(value) : value] as const
  })
  return Object.fromEntries(changed)
}
