import type { Process } from '../../machine/program.ts'
import { Failure } from '../failure.ts'

/** What a configmap or secret is made of: keys and their bytes, as text. */
export type Sources = Map<string, string>

/** The flags that name where the data comes from. */
export interface SourceFlags {
  readonly 'from-file': readonly string[]
  readonly 'from-literal': readonly string[]
  readonly 'from-env-file': readonly string[]
}

/** Gathers the data of a configmap or secret; `checkKey` gives what is wrong with a key. */
export function readSources(
  process: Process,
  flags: SourceFlags,
  checkKey: (key: string) => readonly string[],
  kind: 'ConfigMap' | 'Secret',
): Sources {
  if (flags['from-env-file'].length > 0 && (flags['from-file'].length > 0 || flags['from-literal'].length > 0)) {
    throw new Failure('from-env-file cannot be combined with from-file or from-literal')
  }
  const sources: Sources = new Map()
  const add = (key: string, value: string) => {
    const problems = checkKey(key)
    if (problems.length > 0) {
      throw new Failure(`${JSON.stringify(key)} is not a valid key name for a ${kind}: ${problems.join(',')}`)
    }
    if (sources.has(key))
      throw new Failure(
        `cannot add key ${JSON.stringify(key)}, another key by that name already exists in Data for ${kind} ""`,
      )
    sources.set(key, value)
  }
  for (const source of flags['from-file'])
    for (const [key, value] of readFileSource(process, source, kind)) add(key, value)
  for (const literal of flags['from-literal']) {
    const at = literal.indexOf('=')
    if (at <= 0) throw new Failure(`invalid literal source ${literal}, expected key=value`)
    add(literal.slice(0, at), unquoted(literal.slice(at + 1)))
  }
  for (const file of flags['from-env-file']) for (const [key, value] of readEnvFile(process, file)) add(key, value)
  return sources
}

function unquoted(value: string): string {
  const [first] = value
  const isQuoted = value.length >= 2 && (first === '"' || first === "'") && value.endsWith(first)
  return isQuoted ? value.slice(1, -1) : value
}

function readFileSource(process: Process, source: string, kind: string): [key: string, value: string][] {
  const parts = source.split('=')
  if (parts.length > 2) throw new Failure("key names or file paths cannot contain '='")
  if (parts.length === 2 && parts[0] === '') throw new Failure(`key name for file path ${parts[1]} missing`)
  if (parts.length === 2 && parts[1] === '') throw new Failure(`file path for key name ${parts[0]} missing`)
  const name = parts.at(-1)!
  const path = process.path(name)
  const { files } = process
  if (!files.exists(path)) throw new Failure(`error reading ${name}: no such file or directory`)
  if (!files.isDirectory(path)) return [[parts.length === 2 ? parts[0]! : basename(name), files.readText(path)]]
  if (parts.length === 2) throw new Failure(`cannot give a key name for a directory path`)
  void kind
  return files
    .list(path)
    .filter(each => files.stat(`${path}/${each}`).kind === 'file')
    .map(each => [each, files.readText(`${path}/${each}`)])
}

function basename(path: string): string {
  return path.replace(/\/+$/, '').split('/').at(-1)!
}

function readEnvFile(process: Process, name: string): [key: string, value: string][] {
  const path = process.path(name)
  if (!process.files.exists(path)) throw new Failure(`error reading ${name}: no such file or directory`)
  if (process.files.isDirectory(path)) throw new Failure('env config file cannot be a directory')
  return process.files
    .readText(path)
    .split('\n')
    .map(line => line.replace(/^\ufeff/, '').trimStart())
    .filter(line => line && !line.startsWith('#'))
    .map(line => {
      const at = line.indexOf('=')
      const key = at < 0 ? line : line.slice(0, at)
      return [key, at < 0 ? (process.env.get(key) ?? '') : line.slice(at + 1)]
    })
}
