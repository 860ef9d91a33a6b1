import { expect, test } from 'vitest'
import type { Process } from '#simulator/machine/program.ts'
import { programs } from '#simulator/machine/programs/registry.ts'
import { TextSink } from '#simulator/machine/streams.ts'
import { Terminal } from '#simulator/machine/terminal.ts'
import { World } from '../world.ts'

/** A command that runs while the test watches what it prints. */
class Live {
  readonly world = new World(programs)
  output = ''
  process: Process | undefined
  readonly terminal = new Terminal(this.world.kernel, { columns: 60, rows: 10 })

  async start(command: string, options: { readonly onTerminal?: boolean } = {}): Promise<void> {
    const show = (text: string) => {
      this.output += text
    }
    this.terminal.onOutput(show)
    const sink = new TextSink(show)
    const streams = options.onTerminal ? { terminal: this.terminal } : { stdout: sink, stderr: sink, terminal: null }
    const { machine } = this.world
    this.process = machine.start({
      argv: ['bash', '-c', command],
      user: machine.users.root,
      cwd: '/home/learner',
      env: new Map([
        ['PATH', '/usr/bin'],
        ['HOME', '/root'],
        ['TERM', 'xterm'],
      ]),
      ...streams,
    })
    await this.advance(20)
  }

  /** What is printed in so many milliseconds. */
  async advance(duration: number): Promise<string> {
    const before = this.output.length
    await this.world.kernel.advance(duration)
    return this.output.slice(before)
  }
}

test.each([
  ['sed s/a/x/', 'x1\n', 'x2\n'],
  ['grep a', 'a1\n', 'a2\n'],
  ['cut -c2', '1\n', '2\n'],
  ['tr a-z A-Z', 'A1\n', 'A2\n'],
  ["awk '{print NR, $1}'", '1 a1\n', '2 a2\n'],
  ['jq -R .', '"a1"\n', '"a2"\n'],
  ['xargs -n1 echo got', 'got a1\n', 'got a2\n'],
  ['nl', '     1\ta1\n', '     2\ta2\n'],
  ['tee /tmp/copy', 'a1\n', 'a2\n'],
  ['uniq', '', 'a1\n'],
])('%s passes lines on as they come', async (filter, first, second) => {
  const live = new Live()
  await live.start(`{ echo a1; sleep 1; echo a2; sleep 1; } | ${filter}`)
  expect(live.output).toBe(first)
  expect(await live.advance(1000)).toBe(second)
})

test('head ends an endless writer', async () => {
  const live = new Live()
  await live.start('set -o pipefail; yes | head -2; echo $?')
  await live.advance(1000)
  expect(live.output).toBe('y\ny\n141\n')
})

test('tail -f prints what is added, and says when a file shrinks', async () => {
  const live = new Live()
  live.world.files.writeText('/tmp/log', 'one\ntwo\nthree\n')
  await live.start('tail -n 1 -f /tmp/log')
  expect(live.output).toBe('three\n')
  live.world.files.append('/tmp/log', 'four\n')
  expect(await live.advance(5)).toBe('four\n')
  live.world.files.writeText('/tmp/log', 'new\n')
  expect(await live.advance(5)).toBe('tail: /tmp/log: file truncated\nnew\n')
  live.process!.kill('SIGTERM')
  await live.advance(5)
  expect(live.process!.state).toBe('ended')
})

test('tail -F waits for a file that is not there yet', async () => {
  const live = new Live()
  await live.start('exec tail -F /tmp/late')
  expect(live.output).toBe("tail: cannot open '/tmp/late' for reading: No such file or directory\n")
  live.world.files.writeText('/tmp/late', 'hello\n')
  expect(await live.advance(1500)).toBe("tail: '/tmp/late' has appeared;  following new file\nhello\n")
})

test('timeout ends a command after its time with 124', async () => {
  const live = new Live()
  await live.start('timeout 2 sleep 10; echo $?')
  expect(await live.advance(1900)).toBe('')
  expect(await live.advance(200)).toBe('124\n')
})

test('watch runs its command again and again until Ctrl-C', async () => {
  const live = new Live()
  await live.start('watch -n 5 "date +%S"', { onTerminal: true })
  expect(live.output).toMatch(/Every 5\.0s: date \+%S +lab: Mon Mar {2}2 09:00:00 2026\r\n\r\n00$/)
  expect(await live.advance(4900)).toBe('')
  expect(await live.advance(200)).toMatch(/\r\n05$/)
  live.terminal.input('\x03')
  expect(await live.advance(10)).toContain('\x1b[?1049l')
  expect(live.process!.state).toBe('ended')
})

test('less shows a page at a time', async () => {
  const live = new Live()
  await live.start('seq 100 | less', { onTerminal: true })
  const first = live.output
  expect(first).toContain('\x1b[?1049h')
  expect(first).toMatch(/1\x1b\[K\r\n2\x1b\[K[\s\S]*9\x1b\[K\r\n:/)
  live.terminal.input(' ')
  expect(await live.advance(10)).toMatch(/\x1b\[H10\x1b\[K/)
  live.terminal.input('/50\r')
  expect(await live.advance(10)).toMatch(/\x1b\[H\x1b\[7m50\x1b\[27m/)
  live.terminal.input('q')
  await live.advance(10)
  expect(live.process!.state).toBe('ended')
})

test('top lists processes and ends with q', async () => {
  const live = new Live()
  await live.start('top', { onTerminal: true })
  expect(live.output).toMatch(/top - 09:00:00 up 0 min, {2}1 user/)
  expect(live.output).toContain('PID USER      PR  NI')
  live.terminal.input('q')
  await live.advance(10)
  expect(live.process!.state).toBe('ended')
})

test('kill, pkill and killall end processes', async () => {
  const live = new Live()
  await live.start('sleep 100 & sleep 200 & sleep 300 & env kill $!; pkill -n sleep; killall sleep; wait; echo done')
  await live.advance(100)
  expect(live.output).toContain('done\n')
  expect(await live.advance(1)).toBe('')
})

test('xargs -P runs several commands at once', async () => {
  const live = new Live()
  await live.start("printf '1 1 1 1' | xargs -n1 -P2 sleep; date +%S")
  await live.advance(3000)
  expect(live.output).toBe('02\n')
})

test('an editor opens the hook of the machine', async () => {
  const live = new Live()
  const opened: string[] = []
  live.world.machine.editor = async path => {
    opened.push(path)
    live.world.files.writeText(path, 'edited\n')
  }
  await live.start('vi note.txt; cat note.txt')
  await new Promise(resolve => setImmediate(resolve))
  await live.advance(10)
  expect(opened).toEqual(['/home/learner/note.txt'])
  expect(live.output).toBe('edited\n')
})

test('sudo runs a command as another user', async () => {
  const live = new Live()
  await live.start('sudo -u learner id -un; sudo whoami; sudo nosuch; echo $?')
  await live.advance(100)
  expect(live.output).toBe('learner\nroot\nsudo: nosuch: command not found\n1\n')
})

test('man pages come from the declarations', async () => {
  const live = new Live()
  await live.start('man tee | head -6')
  await live.advance(100)
  expect(live.output).toContain('NAME\n       tee - read from standard input and write to standard output and files\n')
})
