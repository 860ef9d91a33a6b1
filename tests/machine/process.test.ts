import { describe, expect, test } from 'vitest'
import { Machine } from '../../src/simulator/machine/machine.ts'
import { type Process, type Program, UsageError } from '../../src/simulator/machine/program.ts'
import { Pipe, TextSink } from '../../src/simulator/machine/streams.ts'
import { World } from './world.ts'

function program(run: Program['run']): Program {
  return { name: 'test', summary: '', run }
}

/** Runs a function as a process on an empty machine. */
async function run(body: Program['run'], world = new World()) {
  let stdout = ''
  let stderr = ''
  const process = world.machine.start({
    argv: ['test'],
    program: program(body),
    terminal: null,
    stdout: new TextSink(text => {
      stdout += text
    }),
    stderr: new TextSink(text => {
      stderr += text
    }),
  })
  await world.kernel.advance(100_000)
  return { process, stdout, stderr, world }
}

const forever = program(process => process.wait<number>(() => {}))

describe('exit statuses', () => {
  test.each([
    [0, 0],
    [3, 3],
    [256, 0],
    [-1, 255],
  ])('a program that returns %i has status %i', async (returned, status) => {
    expect((await run(() => returned)).process.status).toBe(status)
  })

  test('a file error is the message of the program', async () => {
    const { stderr, process } = await run(async self => {
      self.files.readText('/nothing')
      return 0
    })
    expect(stderr).toBe('test: /nothing: No such file or directory\n')
    expect(process.status).toBe(1)
  })

  test('a usage error is told', async () => {
    const { stderr } = await run(() => {
      throw new UsageError('bad option')
    })
    expect(stderr).toContain('test: bad option\n')
  })
})

describe('signals', () => {
  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGKILL', 137],
    ['SIGPIPE', 141],
  ])('%s ends a waiting program with %i', async (signal, status) => {
    const { process } = await run(async self => {
      const child = self.spawn({ argv: ['x'], program: forever })
      await self.sleep(10)
      child.kill(signal)
      return child.exited()
    })
    expect(process.status).toBe(status)
  })

  test('finally blocks run when a program is ended', async () => {
    let isCleanedUp = false
    await run(async self => {
      const child = self.spawn({
        argv: ['x'],
        program: program(async inner => {
          try {
            await inner.sleep(10_000)
          } finally {
            isCleanedUp = true
          }
          return 0
        }),
      })
      await self.sleep(10)
      child.kill('SIGTERM')
      await self.sleep(1)
      return 0
    })
    expect(isCleanedUp).toBe(true)
  })

  test('a signal can be caught or ignored; SIGKILL can not', async () => {
    const caught: string[] = []
    const { process } = await run(async self => {
      self.onSignal('SIGTERM', () => caught.push('SIGTERM'))
      self.ignoreSignal('SIGHUP')
      self.kill('SIGTERM')
      self.kill('SIGHUP')
      self.ignoreSignal('SIGKILL')
      self.kill('SIGKILL')
      await self.sleep(1)
      return 0
    })
    expect(caught).toEqual(['SIGTERM'])
    expect(process.status).toBe(137)
  })

  test('a stopped process goes on only after SIGCONT', async () => {
    const { process } = await run(async self => {
      const child = self.spawn({ argv: ['x'], program: program(inner => inner.sleep(100).then(() => 0)) })
      await self.sleep(10)
      child.kill('SIGSTOP')
      await self.sleep(1000)
      const before = child.state
      child.kill('SIGCONT')
      await self.sleep(1)
      return before === 'stopped' && child.state === 'ended' ? 0 : 1
    })
    expect(process.status).toBe(0)
  })

  test('an ignored signal is ignored by children too, a caught one is not', async () => {
    const { process } = await run(async self => {
      self.ignoreSignal('SIGHUP')
      self.onSignal('SIGTERM', () => {})
      const child = self.spawn({ argv: ['x'], program: forever })
      await self.sleep(10)
      child.kill('SIGHUP')
      const survived = child.state === 'running'
      child.kill('SIGTERM')
      return survived && child.status === 143 ? 0 : 1
    })
    expect(process.status).toBe(0)
  })
})

describe('pipes', () => {
  test('a writer waits while the pipe is full', async () => {
    const { process } = await run(async self => {
      const pipe = new Pipe(self.kernel)
      let written = 0
      const writer = self.spawn({
        argv: ['w'],
        stdout: pipe.writer,
        program: program(async inner => {
          for (let i = 0; i < 10; i++) {
            await inner.write('x'.repeat(20_000))
            written++
          }
          return 0
        }),
      })
      pipe.writer.close()
      await self.sleep(100)
      const before = written
      let length = 0
      for (let piece = await pipe.reader.read(); piece !== undefined; piece = await pipe.reader.read())
        length += piece.length
      return before < 10 && length === 200_000 && (await writer.exited()) === 0 ? 0 : 1
    })
    expect(process.status).toBe(0)
  })

  test('writing to a pipe that nobody reads ends the writer with SIGPIPE', async () => {
    const { process } = await run(async self => {
      const pipe = new Pipe(self.kernel)
      const writer = self.spawn({
        argv: ['w'],
        stdout: pipe.writer,
        program: program(async inner => {
          for (;;) await inner.write('line\n')
        }),
      })
      pipe.writer.close()
      await pipe.reader.read()
      pipe.reader.close()
      return writer.exited()
    })
    expect(process.status).toBe(141)
  })

  test('the reader is at the end when the last writer has gone', async () => {
    const { stdout } = await run(async self => {
      const pipe = new Pipe(self.kernel)
      for (const word of ['one', 'two']) {
        self.spawn({
          argv: ['w'],
          stdout: pipe.writer,
          program: program(inner => inner.write(`${word}\n`).then(() => 0)),
        })
      }
      pipe.writer.close()
      for await (const line of self.lines(pipe.reader)) await self.write(line)
      return 0
    })
    expect(stdout).toBe('one\ntwo\n')
  })
})

describe('machines', () => {
  test('the children of a process that ends belong to the first one', async () => {
    const world = new World()
    const machine = new Machine({
      kernel: world.kernel,
      name: 'box',
      files: world.files,
      network: world.machine.network,
    })
    machine.start({ argv: ['init'], program: forever, terminal: null })
    let orphan: Process | undefined
    machine.start({
      argv: ['parent'],
      terminal: null,
      program: program(self => {
        orphan = self.spawn({ argv: ['child'], program: forever })
        return 0
      }),
    })
    await world.kernel.advance(100)
    expect(orphan?.parent?.argv).toEqual(['init'])
  })

  test('a container shows on its node under another number, and ends with its first process', async () => {
    const world = new World()
    const node = world.machine
    const container = new Machine({
      kernel: world.kernel,
      name: 'c',
      files: world.files,
      network: node.network,
      parent: node,
    })
    const first = container.start({ argv: ['main'], program: forever, terminal: null })
    const second = container.start({ argv: ['side'], program: forever, terminal: null })
    expect([first.pid, second.pid]).toEqual([1, 2])
    expect(node.pidOf(first)).toBeGreaterThan(1)
    first.kill('SIGTERM')
    expect(first.state).toBe('running')
    first.kill('SIGKILL', second)
    expect(first.state).toBe('running')
    first.kill('SIGKILL')
    expect([first.status, second.status]).toEqual([137, 137])
    expect(node.processes.size).toBe(0)
  })

  test('its snapshot is plain JSON', async () => {
    const world = new World()
    world.machine.start({ argv: ['sleep', '1'], program: forever, terminal: null })
    const snapshot = world.machine.snapshot()
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot)
    expect(snapshot.processes).toMatchObject([{ argv: ['sleep', '1'], state: 'running', user: 'root' }])
  })

  test('/proc shows processes and settings', async () => {
    const world = new World()
    world.files.mkdir('/proc')
    const machine = new Machine({ kernel: world.kernel, name: 'p', files: world.files, network: world.machine.network })
    machine.start({ argv: ['sleep', '1'], program: forever, terminal: null })
    expect(world.files.readText('/proc/1/cmdline')).toBe('sleep\x001\0')
    expect(world.files.list('/proc')).toContain('1')
    world.files.writeText('/proc/sys/net/ipv4/ip_forward', '1\n')
    expect(machine.network.sysctl.get('net.ipv4.ip_forward')).toBe('1')
  })
})
