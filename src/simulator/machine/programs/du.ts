import { FileError } from '../fileError.ts'
import type { Stat } from '../inode.ts'
import { type Arguments, defineProgram } from '../options.ts'
import { joinPath } from '../path.ts'
import type { Process } from '../program.ts'
import { quotedName } from '../quoting.ts'
import { humanSize, parseSize } from '../sizes.ts'
import { matchesGlob } from '../wildcard.ts'

/** Adds up what files take. */
export const du = defineProgram({
  name: 'du',
  summary: 'estimate file space usage',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... [FILE]...',
  options: [
    { short: 'a', long: 'all', help: 'write counts for all files, not just directories' },
    { long: 'apparent-size', help: 'print apparent sizes rather than device usage' },
    { short: 'b', long: 'bytes', help: "equivalent to '--apparent-size --block-size=1'" },
    { short: 'B', long: 'block-size', value: 'SIZE', help: 'scale sizes by SIZE before printing them' },
    { short: 'c', long: 'total', help: 'produce a grand total' },
    {
      short: 'd',
      long: 'max-depth',
      value: 'N',
      help: 'print the total for a directory only if it is N or fewer levels below',
    },
    { long: 'exclude', value: 'PATTERN', help: 'exclude files that match PATTERN' },
    { short: 'h', long: 'human-readable', help: 'print sizes in human readable format (e.g., 1K 234M 2G)' },
    { short: 'k', help: 'like --block-size=1K' },
    { short: 'L', long: 'dereference', help: 'dereference all symbolic links' },
    { short: 'm', help: 'like --block-size=1M' },
    { short: 's', long: 'summarize', help: 'display only a total for each argument' },
    { long: 'si', help: 'like -h, but use powers of 1000 not 1024' },
    { short: 'S', long: 'separate-dirs', help: 'for directories do not include size of subdirectories' },
    { short: 'x', long: 'one-file-system', help: 'skip directories on different file systems' },
  ],
  notSimulated:
    '-0 --null -D --dereference-args -H -l --count-links -P -t --threshold --time --time-style -X --exclude-from --inodes',
  busybox: { usage: '[-aHLdclsxhmk] [FILE]...', options: 'aLdcsxhmk' },
  async run(process, args) {
    const summary = new DiskUsage(process, args)
    for (const name of args.operands.length > 0 ? args.operands : ['.']) await summary.add(name)
    if (args.has('total')) await process.write(summary.line(summary.total, 'total'))
    return summary.status
  },
})

class DiskUsage {
  status = 0
  total = 0
  readonly #process: Process
  readonly #args: Arguments
  readonly #depth: number
  readonly #isApparent: boolean
  readonly #seen = new Set<number>()

  constructor(process: Process, args: Arguments) {
    this.#process = process
    this.#args = args
    const depth = args.get('max-depth')
    if (depth !== undefined && !/^\d+$/.test(depth)) throw args.misuse(`invalid maximum depth ${quotedName(depth)}`)
    this.#depth = args.has('summarize') ? 0 : Number(depth ?? Number.POSITIVE_INFINITY)
    this.#isApparent = args.has('apparent-size') || args.has('bytes')
  }

  async add(name: string): Promise<void> {
    this.total += await this.#measure(name, 0)
  }

  line(bytes: number, name: string): string {
    return `${this.#scaled(bytes)}\t${name}\n`
  }

  async #measure(name: string, depth: number): Promise<number> {
    const { files } = this.#process
    const path = this.#process.path(name)
    let stat: Stat
    let entries: string[] = []
    try {
      stat = this.#args.has('dereference') ? files.stat(path) : files.lstat(path)
      if (stat.kind === 'directory') entries = files.list(path)
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      const what = error.code === 'EACCES' ? 'read directory' : 'access'
      const words = this.#process.flavour === 'busybox' ? name : `cannot ${what} ${quotedName(name)}`
      this.status = await this.#process.fail(`${words}: ${error.text}`)
      return 0
    }
    if (stat.links > 1 && stat.kind === 'file') {
      if (this.#seen.has(stat.number)) return 0
      this.#seen.add(stat.number)
    }
    let bytes = this.#sizeOf(stat)
    for (const entry of entries) {
      if (this.#args.all('exclude').some(pattern => matchesGlob(pattern, entry))) continue
      const inner = await this.#measure(joinPath(name.replace(/(.)\/+$/, '$1'), entry), depth + 1)
      if (!this.#args.has('separate-dirs')) bytes += inner
    }
    const isShown = stat.kind === 'directory' || this.#args.has('all') || depth === 0
    if (isShown && depth <= this.#depth) await this.#process.write(this.line(bytes, name))
    return bytes
  }

  #sizeOf({ kind, size }: Stat): number {
    if (this.#isApparent) return size
    if (kind === 'directory') return 4096
    return kind === 'file' ? Math.ceil(size / 4096) * 4096 : 0
  }

  #scaled(bytes: number): string {
    if (this.#args.has('human-readable')) return humanSize(bytes)
    if (this.#args.has('si')) return humanSize(bytes, 1000)
    const unit = this.#args.has('bytes') ? 1 : this.#args.has('m') ? 1_048_576 : (parseSize(this.#blockSize()) ?? 1024)
    return String(Math.ceil(bytes / unit))
  }

  #blockSize(): string {
    const text = this.#args.get('block-size') ?? '1K'
    return /^\d/.test(text) ? text : `1${text}`
  }
}
