import { FileError } from '../../machine/fileError.ts'
import { parentPath, resolvePath } from '../../machine/path.ts'
import type { Process } from '../../machine/program.ts'
import { Failure } from '../failure.ts'
import { formatYaml } from '../output/yaml.ts'
import { parseYaml } from '../yaml/parser.ts'
import { type Entry, normalized, type Section, withPaths } from './fields.ts'

const sections: readonly Section[] = ['clusters', 'contexts', 'users']
const fieldOf: Readonly<Record<Section, string>> = { clusters: 'cluster', contexts: 'context', users: 'user' }
const typeOf: Readonly<Record<Section, string>> = {
  clusters: 'NamedCluster',
  contexts: 'NamedContext',
  users: 'NamedAuthInfo',
}

/** One kubeconfig file, or several of them seen as one. */
export interface Kubeconfig {
  readonly clusters: ReadonlyMap<string, Entry>
  readonly contexts: ReadonlyMap<string, Entry>
  readonly users: ReadonlyMap<string, Entry>
  readonly currentContext: string
}

const empty: Kubeconfig = { clusters: new Map(), contexts: new Map(), users: new Map(), currentContext: '' }

/** The kubeconfig files of a command: `--kubeconfig`, or `$KUBECONFIG`, or `~/.kube/config`. */
export class KubeconfigFiles {
  readonly #process: Process
  readonly #explicit: string
  readonly paths: readonly string[]

  constructor(process: Process, explicit: string) {
    this.#process = process
    this.#explicit = explicit
    const list = process.env.get('KUBECONFIG')?.split(':').filter(Boolean) ?? []
    const home = process.env.get('HOME') ?? process.user.home
    this.paths = explicit ? [explicit] : list.length > 0 ? [...new Set(list)] : [`${home}/.kube/config`]
  }

  /** Complains about a file that the command line names and that is not there. */
  demand(): void {
    if (this.#explicit && !this.#exists(this.#explicit)) {
      throw new Failure(`stat ${this.#explicit}: no such file or directory`)
    }
  }

  /** Which files were found, and which one was not. */
  get search(): { readonly loaded: readonly string[]; readonly missing: string | undefined } {
    const loaded = this.paths.filter(path => this.#exists(path)).map(path => this.#process.path(path))
    const isNamed = Boolean(this.#process.env.get('KUBECONFIG'))
    return { loaded, missing: isNamed && loaded.length === 0 ? this.paths[0] : undefined }
  }

  /** Whether the command line names the one file that counts. */
  get isExplicit(): boolean {
    return this.#explicit !== ''
  }

  /** All files as one: what an earlier file says wins. */
  load(): Kubeconfig {
    const merged = { clusters: new Map(), contexts: new Map(), users: new Map(), currentContext: '' }
    for (const file of this.paths.map(path => this.read(path))) {
      for (const section of sections) {
        for (const [name, entry] of file[section]) if (!merged[section].has(name)) merged[section].set(name, entry)
      }
      merged.currentContext ||= file.currentContext
    }
    return merged
  }

  read(path: string): Kubeconfig {
    if (!this.#exists(path)) return empty
    const text = this.#process.files.readText(this.#process.path(path))
    try {
      return fromDocument(documentOf(text), parentPath(this.#process.path(path)))
    } catch (error) {
      throw new Failure(`error loading config file ${JSON.stringify(path)}: ${(error as Error).message}`)
    }
  }

  /** The file in which a thing is changed: the one that has it, or the first that exists, or the last of all. */
  fileOf(section: Section, name: string): string {
    return (
      this.paths.find(path => this.#exists(path) && this.read(path)[section].has(name)) ??
      this.paths.find(path => this.#exists(path)) ??
      this.paths.at(-1)!
    )
  }

  /** The file that messages name. */
  get mainFile(): string {
    return this.paths.find(path => this.#exists(path)) ?? this.paths.at(-1)!
  }

  /** The file that says which context is in use. */
  fileOfCurrentContext(): string {
    return (
      this.paths.find(path => this.#exists(path) && this.read(path).currentContext !== '') ??
      this.paths.find(path => this.#exists(path)) ??
      this.paths.at(-1)!
    )
  }

  /** Adds or replaces a thing; undefined takes it away. */
  change(section: Section, name: string, entry: Entry | undefined, path = this.fileOf(section, name)): void {
    const file = this.read(path)
    const entries = new Map(file[section])
    if (entry) entries.set(name, normalized(section, entry))
    else entries.delete(name)
    this.write(path, { ...file, [section]: entries })
  }

  useContext(name: string): void {
    const path = this.fileOfCurrentContext()
    this.write(path, { ...this.read(path), currentContext: name })
  }

  write(path: string, config: Kubeconfig): void {
    const { files } = this.#process
    const absolute = this.#process.path(path)
    const folder = absolute.slice(0, absolute.lastIndexOf('/')) || '/'
    if (!files.exists(folder)) files.mkdir(folder, { parents: true })
    try {
      files.writeText(absolute, formatYaml(toDocument(relativeTo(folder, config))))
    } catch (error) {
      if (error instanceof FileError) throw new Failure(`open ${path}: ${error.message}`)
      throw error
    }
  }

  #exists(path: string): boolean {
    return this.#process.files.exists(this.#process.path(path))
  }
}

/** A kubeconfig as its file lays it out, in the order of the fields of Go's type. */
export function toDocument(config: Kubeconfig): Record<string, unknown> {
  const list = (section: Section) =>
    config[section].size === 0
      ? null
      : [...config[section]]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, entry]) => ({ name, [fieldOf[section]]: entry }))
  return {
    kind: 'Config',
    apiVersion: 'v1',
    clusters: list('clusters'),
    users: list('users'),
    contexts: list('contexts'),
    'current-context': config.currentContext,
  }
}

/** Only what one context needs. */
export function minified(config: Kubeconfig, contextName: string): Kubeconfig {
  const context = config.contexts.get(contextName)
  if (!context)
    throw new Failure(
      contextName ? `cannot locate context ${contextName}` : 'current-context must exist in order to minify',
    )
  const only = (section: Section, name: unknown) => new Map([...config[section]].filter(([key]) => key === name))
  return {
    clusters: only('clusters', context['cluster']),
    contexts: only('contexts', contextName),
    users: only('users', context['user']),
    currentContext: contextName,
  }
}

/** What `kubectl config view` shows unless asked for everything: keys and tokens are blacked out. */
export function withoutSecrets(config: Kubeconfig): Kubeconfig {
  const hide = (section: Section, key: string, words: string, entries = config[section]) =>
    new Map([...entries].map(([name, entry]) => [name, key in entry ? { ...entry, [key]: words } : entry]))
  const certificates = hide('users', 'client-certificate-data', 'DATA+OMITTED')
  const keys = hide('users', 'client-key-data', 'DATA+OMITTED', certificates)
  const passwords = hide('users', 'password', 'REDACTED', keys)
  return {
    ...config,
    clusters: hide('clusters', 'certificate-authority-data', 'DATA+OMITTED'),
    users: hide('users', 'token', 'REDACTED', passwords),
  }
}

/** Paths inside the folder of a kubeconfig are written relative to it. */
function relativeTo(folder: string, config: Kubeconfig): Kubeconfig {
  const start = folder === '/' ? '/' : `${folder}/`
  const change = (section: Section) =>
    new Map(
      [...config[section]].map(([name, entry]) => [
        name,
        withPaths(section, entry, path => (path.startsWith(start) ? path.slice(start.length) : path)),
      ]),
    )
  return { ...config, clusters: change('clusters'), users: change('users') }
}

// Every command reads the same few files; what a text says never changes.
const documents = new Map<string, unknown>()

function documentOf(text: string): unknown {
  let document = documents.get(text)
  if (document === undefined) {
    document = parseYaml(text)
    if (documents.size >= 16) documents.clear()
    documents.set(text, document)
  }
  return document
}

function fromDocument(document: unknown, folder: string): Kubeconfig {
  const fields = (document ?? {}) as Record<string, unknown>
  const read = (section: Section) => {
    const list = fields[section] ?? []
    if (!Array.isArray(list)) {
      const [type, wanted] = [typeof list, `[]v1.${typeOf[section]}`]
      throw new Error(`json: cannot unmarshal ${type} into Go struct field Config.${section} of type ${wanted}`)
    }
    return new Map(
      (list as Record<string, unknown>[]).map(item => {
        const entry = normalized(section, (item[fieldOf[section]] ?? {}) as Entry)
        return [String(item['name']), withPaths(section, entry, path => resolvePath(folder, path))]
      }),
    )
  }
  return {
    clusters: read('clusters'),
    contexts: read('contexts'),
    users: read('users'),
    currentContext: String(fields['current-context'] ?? ''),
  }
}
