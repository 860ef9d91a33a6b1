import type { Process } from '../../program.ts'
import type { Measures } from './measures.ts'

const heading =
  '  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n' +
  '                                 Dload  Upload   Total   Spent    Left  Speed\n'

/** The table that curl keeps on stderr while the body goes elsewhere. */
export class ProgressMeter {
  readonly #process: Process
  readonly #isOn: boolean
  #hasHeading = false

  constructor(process: Process, isOn: boolean) {
    this.#process = process
    this.#isOn = isOn
  }

  /** Shows the line as it stands; `total` is the expected size, where the server said it. */
  async show(measures: Measures, total: number | undefined): Promise<void> {
    if (!this.#isOn) return
    const { download, upload } = measures.sizes
    const time = measures.times.total || measures.elapsed / 1000
    const expected = total ?? download
    const spent = Math.floor(measures.elapsed / 1000)
    const speed = time > 0 ? Math.floor(download / time) : 0
    const all = expected + upload
    const line = [
      `\r${percent(download + upload, all)} ${amount(all)}`,
      `  ${percent(download, expected)} ${amount(download)}`,
      `  ${percent(upload, upload)} ${amount(upload)}`,
      `  ${amount(speed)}  ${amount(time > 0 ? Math.floor(upload / time) : 0)}`,
      ` ${clock(0)} ${clock(spent)} ${clock(0)} ${amount(speed)}`,
    ]
    await this.#process.stderr.write((this.#hasHeading ? '' : heading) + line.join(''))
    this.#hasHeading = true
  }

  /** Ends the line after a transfer that succeeded. */
  async end(): Promise<void> {
    if (this.#isOn && this.#hasHeading) await this.#process.stderr.write('\n')
  }
}

function percent(part: number, whole: number): string {
  return String(whole === 0 ? 0 : Math.floor((part * 100) / whole)).padStart(3)
}

/** A number of bytes in five columns (lib/progress.c, max5data). */
function amount(bytes: number): string {
  if (bytes < 100_000) return String(bytes).padStart(5)
  if (bytes < 10_000 * 1024) return `${String(Math.floor(bytes / 1024)).padStart(4)}k`
  if (bytes < 100 * 1_048_576) {
    const tenths = Math.floor((bytes % 1_048_576) / (1_048_576 / 10))
    return `${String(Math.floor(bytes / 1_048_576)).padStart(2)}.${tenths}M`
  }
  return `${String(Math.floor(bytes / 1_048_576)).padStart(4)}M`
}

function clock(seconds: number): string {
  if (seconds <= 0) return '--:--:--'
  const two = (value: number) => String(value).padStart(2, '0')
  return `${String(Math.floor(seconds / 3600)).padStart(2)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}
