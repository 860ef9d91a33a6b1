import { describe, expect, test } from 'vitest'
import type { Program } from '../../../src/simulator/machine/program.ts'
import { programs } from '../../../src/simulator/machine/programs/registry.ts'
import { Screen } from '../screen.ts'
import { World } from '../world.ts'

const up = '\x1b[A'
const left = '\x1b[D'

async function lines(...typed: string[]): Promise<string[]> {
  const screen = new Screen(new World(programs), ['bash'])
  await screen.type(...typed)
  return screen.lines()
}

describe('keys', () => {
  test.each([
    ['Ctrl-A and Ctrl-E', 'cho one\x01e\x05 two', 'one two'],
    ['Ctrl-U', 'wrong\x15echo right', 'right'],
    ['Ctrl-K', `echo one two${left.repeat(4)}\x0b`, 'one'],
    ['Ctrl-W', 'echo one two\x17three', 'one three'],
    ['Ctrl-W and Ctrl-Y', 'echo one\x17\x19\x19', 'oneone'],
    ['Alt-B and Alt-F', 'echo one two\x1bb\x1bbzero \x1bf!', 'zero one! two'],
    ['Alt-D', 'echo one two\x1bb\x1bd', ''],
    ['Ctrl-T', 'echo ih\x14', 'hi'],
    ['Backspace and Delete', `echo abc${left}${left}\x7f\x1b[3~`, 'c'],
    ['Ctrl-_', 'echo a b\x17\x1f', 'a b'],
  ])('%s', async (_, keys, output) => {
    expect((await lines(`${keys}\r`)).slice(-2)[0]).toBe(output === '' ? 'one' : output)
  })

  test('a line longer than the window is edited over its rows', async () => {
    const screen = new Screen(new World(programs), ['bash'], { columns: 20 })
    await screen.type('echo 0123456789012345678', '\x01', '\x1b[C', left, '\x05', 'end', '\x01', 'X', '\x7f')
    expect(await screen.lines()).toEqual(['$ echo 0123456789012', '345678end'])
    expect(await screen.cursor()).toEqual({ row: 0, column: 2 })
    await screen.type('\r')
    expect((await screen.lines()).slice(2)).toEqual(['0123456789012345678e', 'nd', '$'])
  })

  test('Hangul takes two columns', async () => {
    const screen = new Screen(new World(programs), ['bash'])
    await screen.type('echo 한글', left)
    expect(await screen.cursor()).toEqual({ row: 0, column: '$ echo '.length + 2 })
    await screen.type('x', '\r')
    expect(await screen.lines()).toEqual(['$ echo 한x글', '한x글', '$'])
  })
})

describe('history', () => {
  test('comes back with the arrows, and the line being typed is kept', async () => {
    expect(await lines('echo one\r', 'echo two\r', 'new', up, up, '\x1b[B', '\x1b[B', '\x15', up, up, '\r')).toEqual([
      '$ echo one',
      'one',
      '$ echo two',
      'two',
      '$ echo one',
      'one',
      '$',
    ])
  })

  test('Ctrl-R finds a line by a part of it', async () => {
    expect((await lines('echo first\r', 'echo second\r', '\x12fir', '\r')).slice(-2)).toEqual(['first', '$'])
  })

  test('`!!` and `!$` stand for the last line and its last word', async () => {
    expect((await lines('echo one two\r', 'echo !$\r', '!!\r', '!nosuch\r')).slice(2)).toEqual([
      '$ echo !$',
      'echo two',
      'two',
      '$ !!',
      'echo two',
      'two',
      '$ !nosuch',
      'bash: !nosuch: event not found',
      '$',
    ])
  })

  test('keeps a command of several lines as one', async () => {
    expect((await lines('for i in 1\r', 'do echo $i\r', 'done\r', 'history\r')).slice(-3)).toEqual([
      '    1  for i in 1; do echo $i; done',
      '    2  history',
      '$',
    ])
  })
})

test('pasted text waits for Enter, also when it has several lines', async () => {
  expect(await lines('\x1b[200~echo one\necho two\n\x1b[201~', '\r')).toEqual([
    '$ echo one',
    'echo two',
    'one',
    'two',
    '$',
  ])
})

describe('Tab', () => {
  const kubectl: Program = {
    name: 'kubectl',
    summary: '',
    complete: (_, words) => (words.length === 2 ? ['get', 'describe', 'delete'] : ['pods', 'services']),
    run: async process => {
      await process.write(`${process.argv.slice(1).join(' ')}\n`)
      return 0
    },
  }

  async function completed(...typed: string[]): Promise<string[]> {
    const world = new World([...programs, kubectl])
    world.files.mkdir('/home/learner/manifests')
    world.files.writeText('/home/learner/my file.yaml', '')
    world.files.writeText('/home/learner/mine.yaml', '')
    const screen = new Screen(world, ['bash'])
    await screen.type(...typed)
    return screen.lines()
  }

  test('completes a command', async () => {
    expect(await completed('kubec\t', 'x')).toEqual(['$ kubectl x'])
  })

  test('asks the program about its arguments', async () => {
    expect(await completed('kubectl g\tp\t\r')).toEqual(['$ kubectl get pods', 'get pods', '$'])
  })

  test('goes as far as all agree, and lists them when Tab is pressed twice more', async () => {
    expect(await completed('kubectl d\t', '\t\t')).toEqual(['$ kubectl de', 'delete    describe', '$ kubectl de'])
  })

  test('completes files, with a slash after directories and backslashes before spaces', async () => {
    expect(await completed('cat man\t', '\x15', 'cat my\t', 'x', '\x15', 'echo <mi\t', 'x')).toEqual([
      '$ echo <mine.yaml x',
    ])
    expect(await completed('ls man\t', 'x')).toEqual(['$ ls manifests/x'])
    expect(await completed('ls my\t', 'x')).toEqual(['$ ls my\\ file.yaml x'])
    expect(await completed("ls 'my\t", 'x')).toEqual(["$ ls 'my file.yaml' x"])
  })

  test('completes variables', async () => {
    expect(await completed('echo $LINE\t', '\r')).toEqual(['$ echo $LINENO', '1', '$'])
  })
})
