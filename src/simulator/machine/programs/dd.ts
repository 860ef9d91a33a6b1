import { bytesOf, textOf } from '../bytes.ts'
import { FileError } from '../fileError.ts'
import { openFile } from '../inputs.ts'
import { type Process, type Program, type Readable, UsageError, type Writable } from '../program.ts'
import { quoted, quotedName } from '../quoting.ts'
import { parseSize } from '../sizes.ts'

/** Copies a file block by block. */
export const dd: Program = {
  name: 'dd',
  summary: 'convert and copy a file',
  package: 'GNU coreutils 9.1',
  usage: '[OPERAND]...',
  async run(process) {
    const settings = settingsOf(process)
    const block = size(process, settings, 'bs', 512)
    const [count, skip, seek] = [
      size(process, settings, 'count', Number.POSITIVE_INFINITY),
      size(process, settings, 'skip', 0),
      size(process, settings, 'seek', 0),
    ]
    if (seek > 0) throw new UsageError('option seek is not simulated here')
    const streams = await open(process, settings)
    if (!streams) return 1
    const begin = process.kernel.clock.now
    const copied = await copy(streams.input, streams.output, block, count, skip)
    if (settings.has('if')) streams.input.close()
    if (settings.has('of')) streams.output.close()
    if (settings.get('status') !== 'none') {
      const summary = totals(copied.bytes, (process.kernel.clock.now - begin) / 1000, process.flavour === 'busybox')
      const records = `${copied.whole}+${copied.partial} records`
      const lines = settings.get('status') === 'noxfer' ? '' : summary
      await process.stderr.write(`${records} in\n${records} out\n${lines}`)
    }
    return 0
  },
}

const known = new Set(['if', 'of', 'bs', 'ibs', 'obs', 'count', 'skip', 'seek', 'status', 'conv', 'iflag', 'oflag'])

function settingsOf(process: Process): Map<string, string> {
  const settings = new Map<string, string>()
  for (const word of process.argv.slice(1)) {
    const equals = word.indexOf('=')
    const name = word.slice(0, Math.max(0, equals))
    if (!known.has(name)) {
      throw new UsageError(
        `unrecognized operand ${quoted(process, word)}\nTry '${process.argv[0]} --help' for more information.`,
      )
    }
    settings.set(name, word.slice(equals + 1))
  }
  for (const name of ['ibs', 'obs'])
    if (settings.has(name)) throw new UsageError(`option ${name} is not simulated here`)
  const conversion = settings.get('conv')
  if (conversion !== undefined && !/^(notrunc|fsync|fdatasync|noerror|sync)(,|$)/.test(conversion)) {
    throw new UsageError(`option conv=${conversion} is not simulated here`)
  }
  return settings
}

function size(process: Process, settings: ReadonlyMap<string, string>, name: string, otherwise: number): number {
  const text = settings.get(name)
  if (text === undefined) return otherwise
  const value = parseSize(text.replace(/c$/, ''))
  if (value === undefined || (name === 'bs' && value === 0))
    throw new UsageError(`invalid number: ${quoted(process, text)}`)
  return value
}

async function open(
  process: Process,
  settings: ReadonlyMap<string, string>,
): Promise<{ input: Readable; output: Writable } | undefined> {
  const [from, to] = [settings.get('if'), settings.get('of')]
  let name = from ?? ''
  try {
    const input = from === undefined ? process.stdin : openFile(process, from)
    name = to ?? ''
    const append = /(^|,)(append)(,|$)/.test(settings.get('oflag') ?? '') || /notrunc/.test(settings.get('conv') ?? '')
    return { input, output: to === undefined ? process.stdout : process.openWrite(to, { append }) }
  } catch (error) {
    if (!(error instanceof FileError)) throw error
    const isBusybox = process.flavour === 'busybox'
    await process.fail(
      isBusybox ? `can't open '${name}': ${error.text}` : `failed to open ${quotedName(name)}: ${error.text}`,
    )
    return undefined
  }
}

async function copy(input: Readable, output: Writable, block: number, count: number, skip: number) {
  let rest = new Uint8Array(0)
  const result = { whole: 0, partial: 0, bytes: 0 }
  let toSkip = skip * block
  while (result.whole + result.partial < count) {
    while (rest.length < block) {
      const piece = await input.read()
      if (piece === undefined) break
      const bytes = bytesOf(piece)
      const kept = bytes.subarray(Math.min(toSkip, bytes.length))
      toSkip -= bytes.length - kept.length
      const joined = new Uint8Array(rest.length + kept.length)
      joined.set(rest)
      joined.set(kept, rest.length)
      rest = joined
    }
    if (rest.length === 0) break
    const part = rest.subarray(0, block)
    await output.write(textOf(part))
    if (part.length === block) result.whole++
    else result.partial++
    result.bytes += part.length
    rest = rest.slice(part.length)
  }
  return result
}

/** `1048576 bytes (1.0 MB, 1.0 MiB) copied, 0.001 s, 1.0 GB/s` */
function totals(bytes: number, seconds: number, isBusybox: boolean): string {
  const time = Math.max(seconds, 0.001)
  const rate = scaled(bytes / time, 1000, ['B', 'kB', 'MB', 'GB', 'TB'])
  if (isBusybox)
    return `${bytes} bytes (${scaled(bytes, 1024, ['B', 'KB', 'MB', 'GB', 'TB']).replace(' ', '')}) copied, ${time.toFixed(6)} seconds, ${scaled(bytes / time, 1024, ['B', 'KB', 'MB', 'GB', 'TB']).replace(' ', '')}/s\n`
  const decimal = scaled(bytes, 1000, ['B', 'kB', 'MB', 'GB', 'TB'])
  const binary = scaled(bytes, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB'])
  const both = bytes < 1000 ? '' : bytes < 1024 ? ` (${decimal})` : ` (${decimal}, ${binary})`
  return `${bytes} byte${bytes === 1 ? '' : 's'}${both} copied, ${Number(time.toPrecision(6))} s, ${rate}/s\n`
}

function scaled(value: number, base: number, units: readonly string[]): string {
  let [size, power] = [value, 0]
  while (size >= base && power < units.length - 1) {
    size /= base
    power++
  }
  return `${size < 10 && power > 0 ? size.toFixed(1) : Math.round(size)} ${units[power]}`
}
