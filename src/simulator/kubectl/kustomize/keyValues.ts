import { Failure } from '../failure.ts'
import type { Folder } from './folder.ts'
import type { Generator } from './kustomization.ts'

type Pair = [key: string, value: string]

/** The keys and values of a generator: from files of variables, then literals, then files. */
export function keyValues(folder: Folder, { env, envs = [], literals = [], files = [] }: Generator): Pair[] {
  const sources = env ? [...envs, env] : envs
  return [
    ...told(`env source files: [${sources.join(' ')}]`, () => sources.flatMap(path => variables(folder.read(path)))),
    ...told(`literal sources [${literals.join(' ')}]`, () => literals.map(literal)),
    ...told(`file sources: [${files.join(' ')}]`, () => files.map(source => file(folder, source))),
  ]
}

function told(what: string, read: () => Pair[]): Pair[] {
  try {
    return read()
  } catch (error) {
    throw new Failure(`loading KV pairs: ${what}: ${(error as Error).message}`)
  }
}

function literal(source: string): Pair {
  const at = source.indexOf('=')
  if (at <= 0) throw new Failure(`invalid literal source ${source}, expected key=value`)
  const value = source.slice(at + 1)
  const isQuoted = value !== '' && /^["']/.test(value) && value[0] === value.at(-1)
  return [source.slice(0, at), isQuoted ? value.slice(1, -1) : value]
}

function file(folder: Folder, source: string): Pair {
  const parts = source.split('=')
  if (parts.length === 1) return [source.slice(source.lastIndexOf('/') + 1), folder.read(source)]
  const [key = '', path = ''] = parts
  if (parts.length > 2) throw new Failure(`source ${JSON.stringify(source)} key name or file path contains '='`)
  if (key === '')
    throw new Failure(`missing key name for file path ${JSON.stringify(path)} in source ${JSON.stringify(source)}`)
  if (path === '')
    throw new Failure(`missing file path for key name ${JSON.stringify(key)} in source ${JSON.stringify(source)}`)
  return [key, folder.read(path)]
}

function variables(text: string): Pair[] {
  return text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .map(line => line.trimStart())
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(line => {
      const at = line.indexOf('=')
      return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)]
    })
}
