import { insideOf } from './copy.ts'
import type { Arguments } from './options.ts'
import { Exit, type Process, UsageError } from './program.ts'
import { quotedName } from './quoting.ts'

/** Sources and where each of them goes, as cp, mv and ln read their operands: -t, -T and a directory at the end. */
export async function destinations(
  process: Process,
  args: Arguments,
): Promise<{ readonly source: string; readonly target: string }[]> {
  const { operands } = args
  const directory = args.get('target-directory')
  const least = directory === undefined ? 2 : 1
  if (operands.length < least) {
    if (operands.length === 0 || directory !== undefined) throw args.misuse('missing file operand')
    throw args.misuse(`missing destination file operand after ${quotedName(operands[0]!)}`)
  }
  if (directory !== undefined) {
    if (!process.files.isDirectory(process.path(directory))) await refuse(process, directory, 'target directory')
    return operands.map(source => ({ source, target: insideOf(process, directory, source) }))
  }
  const target = operands[operands.length - 1]!
  const sources = operands.slice(0, -1)
  if (args.has('no-target-directory')) {
    if (sources.length > 1) throw args.misuse(`extra operand ${quotedName(operands[2]!)}`)
    return [{ source: sources[0]!, target }]
  }
  const isDirectory = process.files.isDirectory(process.path(target))
  if (sources.length > 1 && !isDirectory) await refuse(process, target, 'target')
  return sources.map(source => ({ source, target: isDirectory ? insideOf(process, target, source) : target }))
}

async function refuse(process: Process, target: string, what: string): Promise<never> {
  const exists = process.files.exists(process.path(target))
  if (process.flavour === 'busybox') throw new UsageError(`target '${target}' is not a directory`)
  const words = exists ? 'Not a directory' : 'No such file or directory'
  throw new Exit(await process.fail(`${what} ${quotedName(target)}: ${words}`))
}
