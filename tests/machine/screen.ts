import headless from '@xterm/headless'
import type { Process } from '../../src/simulator/machine/program.ts'
import { Terminal } from '../../src/simulator/machine/terminal.ts'
import type { World } from './world.ts'

/** A terminal emulator before a shell on a machine: types keys and shows what is on the screen. */
export class Screen {
  readonly world: World
  readonly terminal: Terminal
  readonly process: Process
  readonly #emulator: InstanceType<typeof headless.Terminal>
  #written = Promise.resolve()

  constructor(world: World, argv: readonly string[], options: { columns?: number; prompt?: string } = {}) {
    const columns = options.columns ?? 60
    this.world = world
    this.#emulator = new headless.Terminal({ cols: columns, rows: 24, allowProposedApi: true })
    this.terminal = new Terminal(world.kernel, { columns, rows: 24 })
    this.terminal.onOutput(text => {
      this.#written = this.#written.then(() => new Promise(resolve => this.#emulator.write(text, resolve)))
    })
    this.process = world.machine.start({
      argv,
      terminal: this.terminal,
      user: world.machine.users.byName('learner')!,
      cwd: '/home/learner',
      env: new Map([
        ['PATH', '/usr/bin'],
        ['HOME', '/home/learner'],
        ['TERM', 'xterm-256color'],
        ['PS1', options.prompt ?? '$ '],
      ]),
    })
  }

  /** Types texts one after the other, each followed by some time. */
  async type(...texts: readonly string[]): Promise<void> {
    if (this.world.clock.now === 0) await this.world.kernel.advance(100)
    for (const text of texts) {
      this.terminal.input(text)
      await this.world.kernel.advance(500)
    }
  }

  /** The lines on the screen, without spaces and empty lines at their ends. */
  async lines(): Promise<string[]> {
    await this.#written
    const { active } = this.#emulator.buffer
    const lines: string[] = []
    for (let row = 0; row < active.length; row++)
      lines.push(active.getLine(row)?.translateToString(true).trimEnd() ?? '')
    while (lines.at(-1) === '') lines.pop()
    return lines
  }

  /** Where the cursor stands: row and column from zero. */
  async cursor(): Promise<{ row: number; column: number }> {
    await this.#written
    const { active } = this.#emulator.buffer
    return { row: active.baseY + active.cursorY, column: active.cursorX }
  }
}
