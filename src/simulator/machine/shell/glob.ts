import type { FileSystem } from '../files.ts'
import { joinPath, resolvePath } from '../path.ts'
import { hasWildcard, patternRegExp, unescapePattern } from './pattern.ts'

/** How file names are matched: `shopt` knows the names. */
export interface GlobOptions {
  readonly dotglob?: boolean
  readonly nocaseglob?: boolean
  readonly globstar?: boolean
}

/** The paths that a pattern matches, sorted; none when nothing matches. */
export function glob(files: FileSystem, cwd: string, pattern: string, options: GlobOptions = {}): string[] {
  const isAbsolute = pattern.startsWith('/')
  const parts = pattern.split(/\/+/)
  if (isAbsolute) parts.shift()
  let found: string[] = [isAbsolute ? '/' : '']
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1
    found = found.flatMap(prefix => step(files, cwd, prefix, part, isLast, options))
    if (found.length === 0) return []
  }
  return found.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}

function step(
  files: FileSystem,
  cwd: string,
  prefix: string,
  part: string,
  isLast: boolean,
  options: GlobOptions,
): string[] {
  if (part === '') return [prefix]
  const directory = resolvePath(cwd, prefix === '' ? '.' : prefix)
  const ending = isLast ? '' : '/'
  if (options.globstar && part === '**') return everyDirectory(files, directory, prefix, isLast)
  if (!hasWildcard(part)) {
    const name = unescapePattern(part)
    const path = resolvePath(directory, name)
    const isThere = isLast ? files.exists(path) || linkExists(files, path) : files.isDirectory(path)
    return isThere ? [prefix + name + ending] : []
  }
  const matcher = patternRegExp(part, options.nocaseglob ? 'i' : '')
  const showsHidden = options.dotglob || part.startsWith('.') || part.startsWith('\\.')
  return namesIn(files, directory)
    .filter(name => (showsHidden || !name.startsWith('.')) && matcher.test(name))
    .filter(name => isLast || files.isDirectory(joinPath(directory, name)))
    .map(name => prefix + name + ending)
}

function everyDirectory(files: FileSystem, directory: string, prefix: string, isLast: boolean): string[] {
  const found = isLast ? [] : [prefix]
  for (const name of namesIn(files, directory)) {
    if (name.startsWith('.')) continue
    const path = joinPath(directory, name)
    const isDirectory = files.lstat(path).kind === 'directory'
    if (isLast) found.push(prefix + name)
    if (isDirectory) found.push(...everyDirectory(files, path, `${prefix}${name}/`, isLast))
  }
  return found
}

function namesIn(files: FileSystem, directory: string): string[] {
  return files.isDirectory(directory) && files.may('read', directory) ? files.list(directory) : []
}

function linkExists(files: FileSystem, path: string): boolean {
  try {
    return files.lstat(path) !== undefined
  } catch {
    return false
  }
}
