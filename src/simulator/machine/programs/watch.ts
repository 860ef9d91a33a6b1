import { textWidth } from '../characterWidth.ts'
import { formatDate, zoneOf } from '../dateFormat.ts'
import { FileError } from '../fileError.ts'
import { enterScreen, leaveScreen } from '../keyboard.ts'
import { type Arguments, defineProgram } from '../options.ts'
import type { Process } from '../program.ts'
import { quoted } from '../quoting.ts'
import { TextSink } from '../streams.ts'
import type { Terminal } from '../terminal.ts'

/** Runs a command again and again and shows what it prints. */
export const watch = defineProgram({
  name: 'watch',
  summary: 'execute a program periodically, showing output fullscreen',
  package: 'procps-ng 4.0.2',
  usage: '[options] command',
  options: [
    { short: 'b', long: 'beep', help: 'beep if command has a non-zero exit' },
    { short: 'c', long: 'color', help: 'interpret ANSI color and style sequences' },
    { short: 'd', long: 'differences', value: '[permanent]', help: 'highlight changes between updates' },
    { short: 'e', long: 'errexit', help: 'exit if command has a non-zero exit' },
    { short: 'g', long: 'chgexit', help: 'exit when output from command changes' },
    { short: 'n', long: 'interval', value: '<secs>', help: 'seconds to wait between updates' },
    { short: 'p', long: 'precise', help: 'attempt run command in precise intervals' },
    { short: 't', long: 'no-title', help: 'turn off header' },
    { short: 'w', long: 'no-wrap', help: 'turn off line wrapping' },
    { short: 'x', long: 'exec', help: 'pass command to exec instead of "sh -c"' },
  ],
  notSimulated: '-C --no-color -q --equexit -r --no-rerun -s --shotsdir -f --follow',
  operandsEndOptions: true,
  usageStatus: 1,
  busybox: { usage: '[-n SEC] [-t] PROG ARGS', options: 'ntd' },
  async run(process, args) {
    if (args.operands.length === 0) throw args.misuse('')
    const text = args.get('interval') ?? '2'
    const seconds = Number(text.replace(',', '.'))
    if (text.trim() === '' || Number.isNaN(seconds)) {
      return process.fail(`failed to parse argument: ${quoted(process, text)}`)
    }
    const { terminal } = process.stdout
    if (!terminal && process.flavour === 'gnu') {
      const type = process.env.get('TERM') ?? 'unknown'
      await process.stderr.write(`Error opening terminal: ${type}.\n`)
      return 1
    }
    return new Watching(process, args, Math.max(0.1, seconds), terminal).run()
  },
})

class Watching {
  readonly #process: Process
  readonly #args: Arguments
  readonly #seconds: number
  readonly #terminal: Terminal | undefined
  readonly #command: string
  #isOver = false
  #wake = () => {}
  #before: string | undefined

  constructor(process: Process, args: Arguments, seconds: number, terminal: Terminal | undefined) {
    this.#process = process
    this.#args = args
    this.#seconds = seconds
    this.#terminal = terminal
    this.#command = args.operands.join(' ')
  }

  async run(): Promise<number> {
    const isFullScreen = this.#terminal !== undefined && this.#process.flavour === 'gnu'
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      this.#process.onSignal(signal, () => {
        this.#isOver = true
        this.#wake()
      })
    }
    this.#process.onSignal('SIGWINCH', () => this.#wake())
    if (isFullScreen) await this.#process.write(enterScreen)
    let status = 0
    while (!this.#isOver) {
      const result = await this.#runOnce()
      if (this.#isOver) break
      await this.#show(result.output)
      const hasChanged = this.#before !== undefined && this.#before !== result.output
      this.#before = result.output
      if (this.#args.has('chgexit') && hasChanged) break
      if (result.status !== 0 && this.#args.has('beep')) await this.#process.write('\x07')
      if (result.status !== 0 && this.#args.has('errexit')) {
        status = 8
        break
      }
      await this.#process.waitFor<void>(this.#seconds * 1000, wake => {
        this.#wake = wake
      })
    }
    if (isFullScreen) await this.#process.write(leaveScreen)
    else if (this.#process.flavour === 'busybox' && this.#isOver) return 130
    return status
  }

  async #runOnce(): Promise<{ output: string; status: number }> {
    let output = ''
    const sink = new TextSink(text => {
      output += text
    })
    const argv = this.#args.has('exec') ? this.#args.operands : ['sh', '-c', this.#command]
    try {
      const child = this.#process.spawn({ argv, stdout: sink, stderr: sink })
      const stop = () => child.kill('SIGTERM')
      this.#wake = stop
      await this.#process.wait<void>(wake => void child.onExit(wake))
      return { output, status: child.status! }
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      return { output: `watch: unable to execute '${argv[0]}': ${error.text}\n`, status: 127 }
    }
  }

  async #show(output: string): Promise<void> {
    const { columns, rows } = this.#terminal ?? { columns: 80, rows: 24 }
    const title = this.#args.has('no-title') ? [] : [this.#title(columns), '']
    const room = rows - title.length
    const lines = output
      .replace(/\n$/, '')
      .split('\n')
      .flatMap(line => this.#fitted(line, columns))
      .slice(0, room)
    const previous = this.#args.has('differences') && this.#before !== undefined ? this.#before.split('\n') : undefined
    const shown = lines.map((line, index) => (previous ? marked(line, previous[index] ?? '') : line))
    // The last line of the screen gets no newline, or everything would move up.
    await this.#process.write(`\x1b[H\x1b[J${[...title, ...shown].join('\n')}`)
  }

  #title(columns: number): string {
    const left = `Every ${this.#seconds.toFixed(1)}s: ${this.#command}`
    const clock = formatDate('%a %b %e %H:%M:%S %Y', this.#process.machine.now(), zoneOf(this.#process.env.get('TZ')))
    const right =
      this.#process.flavour === 'busybox'
        ? formatDate('%Y-%m-%d %H:%M:%S', this.#process.machine.now())
        : `${this.#process.machine.hostname}: ${clock}`
    const room = columns - right.length
    if (room < 12) return left.slice(0, columns)
    const fits = left.length < room ? left : `${left.slice(0, Math.max(0, room - 4))}...`
    return fits.padEnd(room) + right
  }

  /** Escape sequences are left out, unless colours are wanted; long lines go on in the next one. */
  #fitted(line: string, columns: number): string[] {
    const plain = (this.#args.has('color') ? line : line.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, '')).replaceAll(
      '\t',
      '        ',
    )
    if (textWidth(plain) <= columns) return [plain]
    if (this.#args.has('no-wrap')) return [plain.slice(0, columns)]
    const pieces: string[] = []
    for (let at = 0; at < plain.length; at += columns) pieces.push(plain.slice(at, at + columns))
    return pieces
  }
}

/** Shows the characters in reverse that were not there before. */
function marked(line: string, before: string): string {
  return Array.from(line, (character, index) =>
    character === before[index] ? character : `\x1b[7m${character}\x1b[27m`,
  )
    .join('')
    .replaceAll('\x1b[27m\x1b[7m', '')
}
