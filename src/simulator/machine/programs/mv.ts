import { copyFile, isThere, keepAttributes } from '../copy.ts'
import { destinations } from '../destination.ts'
import { FileError } from '../fileError.ts'
import { type Arguments, defineProgram } from '../options.ts'
import { joinPath } from '../path.ts'
import type { Process } from '../program.ts'
import { isConfirmed } from '../question.ts'
import { quotedName } from '../quoting.ts'

/** Gives files other names and places. */
export const mv = defineProgram({
  name: 'mv',
  summary: 'move (rename) files',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... SOURCE... DEST',
  options: [
    { short: 'f', long: 'force', help: 'do not prompt before overwriting' },
    { short: 'i', long: 'interactive', help: 'prompt before overwrite' },
    { short: 'n', long: 'no-clobber', help: 'do not overwrite an existing file' },
    { short: 't', long: 'target-directory', value: 'DIRECTORY', help: 'move all SOURCE arguments into DIRECTORY' },
    { short: 'T', long: 'no-target-directory', help: 'treat DEST as a normal file' },
    { short: 'u', long: 'update', help: 'move only when the SOURCE file is newer than the destination file' },
    { short: 'v', long: 'verbose', help: 'explain what is being done' },
  ],
  notSimulated: '-b --backup -S --suffix -Z --context --strip-trailing-slashes',
  busybox: { usage: '[-finT] SOURCE DEST', options: 'fintTv' },
  async run(process, args) {
    let status = 0
    for (const { source, target } of await destinations(process, args)) {
      const complaint = await move(process, args, source, target)
      if (complaint !== undefined) status = await process.fail(complaint)
    }
    return status
  },
})

/** Moves one thing and gives what is wrong, if anything. */
async function move(process: Process, args: Arguments, source: string, target: string): Promise<string | undefined> {
  const { files } = process
  const [from, to] = [process.path(source), process.path(target)]
  const isBusybox = process.flavour === 'busybox'
  try {
    const stat = files.lstat(from)
    if (isThere(process, to)) {
      const existing = files.lstat(to)
      if (from === to)
        return isBusybox
          ? `'${source}' and '${target}' are the same file`
          : `${quotedName(source)} and ${quotedName(target)} are the same file`
      const order = args.last('no-clobber', 'interactive', 'force')
      if (order === 'no-clobber' || (args.has('update') && existing.modified >= stat.modified)) return undefined
      if (order === 'interactive' && !(await isConfirmed(process, `mv: overwrite ${quotedName(target)}? `)))
        return undefined
      if (existing.kind === 'directory' && stat.kind !== 'directory') {
        return `cannot overwrite directory ${quotedName(target)} with non-directory`
      }
      if (existing.kind !== 'directory' && stat.kind === 'directory') {
        return `cannot overwrite non-directory ${quotedName(target)} with directory ${quotedName(source)}`
      }
    }
  } catch (error) {
    if (error instanceof FileError)
      return isBusybox ? `can't rename '${source}': ${error.text}` : `cannot stat ${quotedName(source)}: ${error.text}`
    throw error
  }
  try {
    await rename(process, from, to)
    if (args.has('verbose')) {
      await process.write(
        isBusybox ? `'${source}' -> '${target}'\n` : `renamed ${quotedName(source)} -> ${quotedName(target)}\n`,
      )
    }
    return undefined
  } catch (error) {
    if (!(error instanceof FileError)) throw error
    if (error.code === 'EINVAL')
      return `cannot move ${quotedName(source)} to a subdirectory of itself, ${quotedName(target)}`
    return isBusybox
      ? `can't rename '${source}': ${error.text}`
      : `cannot move ${quotedName(source)} to ${quotedName(target)}: ${error.text}`
  }
}

async function rename(process: Process, from: string, to: string): Promise<void> {
  try {
    process.files.rename(from, to)
  } catch (error) {
    if (!(error instanceof FileError) || error.code !== 'EXDEV') throw error
    await carry(process, from, to)
    process.files.removeTree(from)
  }
}

/** Copies to another file system, with owners, modes and times. */
async function carry(process: Process, from: string, to: string): Promise<void> {
  const { files } = process
  const everything = { keepsLinks: true, preservesMode: true, preservesOwner: true, preservesTime: true }
  const stat = files.lstat(from)
  if (stat.kind !== 'directory') return copyFile(process, from, to, everything)
  files.mkdir(to)
  for (const name of files.list(from)) await carry(process, joinPath(from, name), joinPath(to, name))
  keepAttributes(process, stat, to, everything)
}
