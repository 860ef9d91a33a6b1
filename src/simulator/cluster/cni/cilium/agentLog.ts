import type { Process } from '../../../machine/program.ts'

/** What Cilium's programs write down, in the form of Go's slog. */
export class AgentLog {
  readonly #process: Process
  readonly #tell: () => void
  readonly #lines: string[] = []

  constructor(process: Process, tell: () => void = () => {}) {
    this.#process = process
    this.#tell = tell
  }

  add(text: string, level: 'info' | 'warn' | 'error' = 'info'): void {
    const time = new Date(this.#process.machine.now()).toISOString().replace('Z', '000000Z')
    this.#lines.push(`time=${time} level=${level} msg=${/[\s"=]/.test(text) ? JSON.stringify(text) : text}\n`)
    this.#tell()
  }

  async flush(): Promise<void> {
    if (this.#lines.length > 0) await this.#process.stderr.write(this.#lines.splice(0).join(''))
  }
}
