import type { Process } from '../../machine/program.ts'
import { Failure, throwAll } from '../failure.ts'
import { readUrl } from './remoteFile.ts'

/** A place that manifests come from. */
export interface ManifestSource {
  /** As messages name it: a path, a URL or `STDIN`. */
  readonly name: string
  read(): Promise<string>
}

const extensions = ['.json', '.yaml', '.yml']

/** The files that `-f` names, one after the other: files, folders, patterns, `-` for stdin. */
export function manifestSources(process: Process, names: readonly string[], isRecursive: boolean): ManifestSource[] {
  const errors: Error[] = []
  const sources: ManifestSource[] = []
  for (const name of names) {
    if (name === '-') sources.push({ name: 'STDIN', read: () => process.readAll() })
    else if (/^https?:\/\//.test(name)) sources.push({ name, read: () => readUrl(process, name) })
    else {
      const paths = expandPattern(process, name)
      if (paths.length === 0) errors.push(new Failure(`the path ${JSON.stringify(name)} does not exist`))
      for (const path of paths) sources.push(...filesAt(process, path, isRecursive))
    }
  }
  throwAll(errors)
  if (sources.length === 0 && names.length > 0) {
    throw new Failure(`error reading [${names.join(' ')}]: recognized file extensions are [${extensions.join(' ')}]`)
  }
  return sources
}

function filesAt(process: Process, path: string, isRecursive: boolean): ManifestSource[] {
  const { files } = process
  if (!files.isDirectory(process.path(path))) return [fileSource(process, path)]
  const clean = path.replace(/^(\.\/+)+/, '').replace(/\/+$/, '') || '.'
  const sources: ManifestSource[] = []
  for (const name of files.list(process.path(path)).toSorted()) {
    const child = clean === '.' ? name : `${clean}/${name}`
    if (files.isDirectory(process.path(child))) {
      if (isRecursive) sources.push(...filesAt(process, child, true))
    } else if (extensions.some(extension => name.endsWith(extension))) sources.push(fileSource(process, child))
  }
  return sources
}

function fileSource(process: Process, path: string): ManifestSource {
  return { name: path, read: async () => process.files.readText(process.path(path)) }
}

/** A quoted pattern is expanded by kubectl itself. */
function expandPattern(process: Process, name: string): string[] {
  if (process.files.exists(process.path(name))) return [name]
  const slash = name.lastIndexOf('/')
  const folder = slash < 0 ? '.' : name.slice(0, slash) || '/'
  const pattern = name.slice(slash + 1)
  if (!/[*?[]/.test(pattern) || !process.files.exists(process.path(folder))) return []
  const source = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  const matches = process.files.list(process.path(folder)).filter(each => new RegExp(`^${source}$`).test(each))
  return matches.toSorted().map(each => (slash < 0 ? each : `${name.slice(0, slash)}/${each}`))
}
