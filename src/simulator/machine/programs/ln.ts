import { isThere } from '../copy.ts'
import { FileError } from '../fileError.ts'
import { type Arguments, defineProgram } from '../options.ts'
import { joinPath, lastName, parentPath } from '../path.ts'
import type { Process } from '../program.ts'
import { isConfirmed } from '../question.ts'
import { quotedName } from '../quoting.ts'

/** Makes links. */
export const ln = defineProgram({
  name: 'ln',
  summary: 'make links between files',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... TARGET... LINK_NAME',
  options: [
    { short: 'f', long: 'force', help: 'remove existing destination files' },
    { short: 'i', long: 'interactive', help: 'prompt whether to remove destinations' },
    {
      short: 'n',
      long: 'no-dereference',
      help: 'treat LINK_NAME as a normal file if it is a symbolic link to a directory',
    },
    { short: 'r', long: 'relative', help: 'with -s, create links relative to link location' },
    { short: 's', long: 'symbolic', help: 'make symbolic links instead of hard links' },
    {
      short: 't',
      long: 'target-directory',
      value: 'DIRECTORY',
      help: 'specify the DIRECTORY in which to create the links',
    },
    { short: 'T', long: 'no-target-directory', help: 'treat LINK_NAME as a normal file always' },
    { short: 'v', long: 'verbose', help: 'print name of each linked file' },
  ],
  notSimulated: '-b --backup -S --suffix -d -F --directory -L --logical -P --physical',
  busybox: { usage: '[-sfnbtv] [-S SUF] TARGET... LINK|DIR', options: 'fnsTv' },
  async run(process, args) {
    if (args.operands.length === 0) throw args.misuse('missing file operand')
    let status = 0
    const directory = args.get('target-directory')
    const { operands } = args
    const last = directory ?? (operands.length === 1 ? '.' : operands.at(-1)!)
    const targets = directory === undefined && operands.length > 1 ? operands.slice(0, -1) : operands
    const isInside = !args.has('no-target-directory') && isDirectory(process, args, last)
    if (targets.length > 1 && !isInside) return process.fail(`target ${quotedName(last)}: Not a directory`)
    for (const target of targets) {
      const name = isInside ? joinPath(last.replace(/(.)\/+$/, '$1'), lastName(target.replace(/\/+$/, ''))) : last
      const complaint = await link(process, args, target, operands.length === 1 ? lastName(target) : name)
      if (complaint !== undefined) status = await process.fail(complaint)
    }
    return status
  },
})

function isDirectory(process: Process, args: Arguments, name: string): boolean {
  const path = process.path(name)
  if (args.has('no-dereference') && isThere(process, path) && process.files.lstat(path).kind === 'link') return false
  return process.files.isDirectory(path)
}

async function link(process: Process, args: Arguments, target: string, name: string): Promise<string | undefined> {
  const { files } = process
  const isSymbolic = args.has('symbolic')
  const isBusybox = process.flavour === 'busybox'
  const path = process.path(name)
  try {
    if (!isSymbolic) {
      const stat = files.lstat(process.path(target))
      if (stat.kind === 'directory') return `${target}: hard link not allowed for directory`
    }
  } catch (error) {
    if (error instanceof FileError)
      return isBusybox ? `${name}: ${error.text}` : `failed to access ${quotedName(target)}: ${error.text}`
    throw error
  }
  try {
    if (isThere(process, path) && files.lstat(path).kind !== 'directory') {
      if (args.has('interactive') && !(await isConfirmed(process, `ln: replace ${quotedName(name)}? `)))
        return undefined
      if (args.has('force') || args.has('interactive')) files.remove(path)
    }
    if (isSymbolic)
      files.symlink(args.has('relative') ? relativePath(parentPath(path), process.path(target)) : target, path)
    else files.link(process.path(target), path)
    if (args.has('verbose'))
      await process.write(`${quotedName(name)} ${isSymbolic ? '->' : '=>'} ${quotedName(target)}\n`)
    return undefined
  } catch (error) {
    if (!(error instanceof FileError)) throw error
    if (isBusybox) return `${name}: ${error.text}`
    const kind = isSymbolic ? 'symbolic' : 'hard'
    const what =
      !isSymbolic && error.code !== 'EEXIST' ? `${quotedName(name)} => ${quotedName(target)}` : quotedName(name)
    return `failed to create ${kind} link ${what}: ${error.text}`
  }
}

/** The way from one directory to a path. */
function relativePath(from: string, to: string): string {
  const [here, there] = [from, to].map(path => path.split('/').filter(part => part !== '')) as [string[], string[]]
  let common = 0
  while (common < here.length && common < there.length && here[common] === there[common]) common++
  return [...here.slice(common).map(() => '..'), ...there.slice(common)].join('/') || '.'
}
