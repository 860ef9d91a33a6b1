import { bytesOf } from '../bytes.ts'
import { type DigestName, digestOf } from '../digest.ts'
import { FileError } from '../fileError.ts'
import { fileComplaint, linesIn, readInput } from '../inputs.ts'
import { type Arguments, defineProgram } from '../options.ts'
import type { Process, Program } from '../program.ts'
import { shownName } from '../quoting.ts'

function checksumProgram(digest: DigestName): Program {
  const title = digest.toUpperCase()
  return defineProgram({
    name: `${digest}sum`,
    summary: `compute and check ${title} message digest`,
    package: 'GNU coreutils 9.1',
    usage: '[OPTION]... [FILE]...',
    options: [
      { short: 'b', long: 'binary', help: 'read in binary mode' },
      { short: 'c', long: 'check', help: 'read checksums from the FILEs and check them' },
      { long: 'tag', help: 'create a BSD-style checksum' },
      { short: 't', long: 'text', help: 'read in text mode (default)' },
      { short: 'z', long: 'zero', help: 'end each output line with NUL, not newline' },
      { long: 'ignore-missing', help: "don't fail or report status for missing files" },
      { long: 'quiet', help: "don't print OK for each successfully verified file" },
      { long: 'status', help: "don't output anything, status code shows success" },
      { long: 'strict', help: 'exit non-zero for improperly formatted checksum lines' },
      { short: 's', help: "don't output anything, status code shows success", only: 'busybox' },
      { short: 'w', long: 'warn', help: 'warn about improperly formatted checksum lines' },
    ],
    busybox: { usage: '[-c[sw]] [FILE]...', options: 'csw' },
    async run(process, args) {
      if (args.has('check')) return check(process, digest, args)
      let status = 0
      for (const name of args.operands.length > 0 ? args.operands : ['-']) {
        try {
          const sum = digestOf(digest, bytesOf(await readInput(process, name)))
          const line = args.has('tag')
            ? `${title} (${name}) = ${sum}`
            : `${sum} ${args.has('binary') ? '*' : ' '}${name}`
          await process.write(line + (args.has('zero') ? '\0' : '\n'))
        } catch (error) {
          if (!(error instanceof FileError)) throw error
          status = await process.fail(fileComplaint(process, error, name))
        }
      }
      return status
    },
  })
}

/** Reads lines of digests and names, and says which files still have theirs. */
async function check(process: Process, digest: DigestName, args: Arguments): Promise<number> {
  const isSilent = args.has('status') || args.has('s')
  const counts = { improper: 0, failed: 0, unread: 0, matched: 0 }
  let status = 0
  for (const list of args.operands.length > 0 ? args.operands : ['-']) {
    let text: string
    try {
      text = await readInput(process, list)
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      status = await process.fail(fileComplaint(process, error, list))
      continue
    }
    for (const line of linesIn(text)) {
      const match = /^\\?([0-9a-fA-F]+) [ *]?(.+)$/.exec(line)
      if (!match || match[1]!.length !== digestOf(digest, new Uint8Array()).length) {
        counts.improper++
        continue
      }
      const [, wanted = '', name = ''] = match
      try {
        const isSame = digestOf(digest, bytesOf(await readInput(process, name))) === wanted.toLowerCase()
        if (isSame) counts.matched++
        else counts.failed++
        if (!isSilent && !(isSame && args.has('quiet'))) await process.write(`${name}: ${isSame ? 'OK' : 'FAILED'}\n`)
      } catch (error) {
        if (!(error instanceof FileError)) throw error
        if (args.has('ignore-missing') && error.code === 'ENOENT') continue
        counts.unread++
        await process.fail(`${shownName(name)}: ${error.text}`)
        if (!isSilent) await process.write(`${name}: FAILED open or read\n`)
      }
    }
    if (counts.matched + counts.failed + counts.unread === 0) {
      const shown = list === '-' ? "'standard input'" : shownName(list)
      return process.fail(
        process.flavour === 'busybox'
          ? `no checksum lines found`
          : `${shown}: no properly formatted checksum lines found`,
      )
    }
  }
  const warn = async (count: number, one: string, many: string) => {
    if (count > 0 && !isSilent) await process.fail(`WARNING: ${count} ${count === 1 ? one : many}`)
  }
  if (process.flavour === 'gnu') {
    await warn(counts.improper, 'line is improperly formatted', 'lines are improperly formatted')
    await warn(counts.unread, 'listed file could not be read', 'listed files could not be read')
    await warn(counts.failed, 'computed checksum did NOT match', 'computed checksums did NOT match')
  } else
    await warn(
      counts.failed + counts.unread,
      'of 1 computed checksums did NOT match',
      `of ${counts.failed + counts.unread + counts.matched} computed checksums did NOT match`,
    )
  const isBad = counts.failed + counts.unread > 0 || (args.has('strict') && counts.improper > 0)
  return isBad ? 1 : status
}

/** MD5 digests of files. */
export const md5sum = checksumProgram('md5')
/** SHA-1 digests of files. */
export const sha1sum = checksumProgram('sha1')
/** SHA-224 digests of files. */
export const sha224sum = checksumProgram('sha224')
/** SHA-256 digests of files. */
export const sha256sum = checksumProgram('sha256')
/** SHA-384 digests of files. */
export const sha384sum = checksumProgram('sha384')
/** SHA-512 digests of files. */
export const sha512sum = checksumProgram('sha512')
