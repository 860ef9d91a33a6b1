import { describe, expect, test } from 'vitest'
import type { Process } from '../../src/simulator/machine/program.ts'
import { rawMode, Terminal } from '../../src/simulator/machine/terminal.ts'
import { World } from './world.ts'

/** A terminal and a process that reads lines from it. */
async function open() {
  const world = new World()
  const terminal = new Terminal(world.kernel)
  let shown = ''
  terminal.onOutput(text => {
    shown += text
  })
  const read: (string | undefined)[] = []
  const process = world.machine.start({
    argv: ['cat'],
    terminal,
    program: {
      name: 'cat',
      summary: '',
      async run(self: Process) {
        for (;;) {
          const piece = await self.stdin.read()
          read.push(piece)
          if (piece === undefined) return 0
        }
      },
    },
  })
  await world.kernel.advance(10)
  const type = async (keys: string) => {
    terminal.input(keys)
    await world.kernel.advance(10)
  }
  return { world, terminal, process, read, type, shown: () => shown }
}

describe('lines', () => {
  test('are given when they are finished, and can be corrected before', async () => {
    const { type, read, shown } = await open()
    await type('helo\x7flo')
    expect(read).toEqual([])
    await type('\r')
    expect(read).toEqual(['hello\n'])
    expect(shown()).toBe('helo\b \blo\r\n')
  })

  test('a wide character takes two columns back', async () => {
    const { type, shown } = await open()
    await type('한\x7f')
    expect(shown()).toBe('한\b \b\b \b')
  })

  test('Ctrl-U takes the line back, Ctrl-W a word', async () => {
    const { type, read } = await open()
    await type('one two\x17three\x15four\r')
    expect(read).toEqual(['four\n'])
  })

  test('Ctrl-D ends the input on an empty line, and hands over a line otherwise', async () => {
    const { type, read, process } = await open()
    await type('abc\x04')
    expect(read).toEqual(['abc'])
    await type('\x04')
    expect(process.status).toBe(0)
  })
})

describe('signals', () => {
  test.each([
    ['\x03', '^C', 130],
    ['\x1c', '^\\', 131],
  ])('%j shows %s and ends what is in the foreground', async (key, caret, status) => {
    const { type, shown, process } = await open()
    await type(`typed${key}`)
    expect(shown()).toBe(`typed${caret}`)
    expect(process.status).toBe(status)
  })

  test('Ctrl-Z stops it', async () => {
    const { type, process } = await open()
    await type('\x1a')
    expect(process.state).toBe('stopped')
  })

  test('a process in the background that reads is stopped', async () => {
    const { terminal, process, type } = await open()
    terminal.foreground = 1
    await type('x\r')
    expect(process.state).toBe('stopped')
    expect(process.endedBy).toBe('SIGTTIN')
  })

  test('closing the window sends SIGHUP', async () => {
    const { terminal, process } = await open()
    terminal.hangUp()
    expect(process.status).toBe(129)
  })

  test('another size of the window is told', async () => {
    const { terminal, process } = await open()
    let isTold = false
    process.onSignal('SIGWINCH', () => {
      isTold = true
    })
    terminal.resize(100, 30)
    expect(isTold).toBe(true)
  })
})

test('a raw terminal passes every key and shows none', async () => {
  const { terminal, type, read, shown } = await open()
  terminal.setMode(rawMode)
  await type('a\x03\r')
  expect(read).toEqual(['a\x03\r'])
  expect(shown()).toBe('')
})

test('what was half typed is there when lines are no longer collected', async () => {
  const { terminal, type, read } = await open()
  await type('ahead')
  terminal.setMode(rawMode)
  await type('')
  expect(read).toEqual(['ahead'])
})
