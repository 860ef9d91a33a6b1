import { describe, expect, test } from 'vitest'
import { programs } from '../../../src/simulator/machine/programs/registry.ts'
import { Screen } from '../screen.ts'
import { World } from '../world.ts'

async function bash(...typed: string[]): Promise<string[]> {
  const screen = new Screen(new World(programs), ['bash'])
  await screen.type(...typed)
  return screen.lines()
}

describe('bash at a terminal', () => {
  test('runs what is typed and shows prompts', async () => {
    expect(await bash('echo hello\r')).toEqual(['$ echo hello', 'hello', '$'])
  })

  test('asks for more where a command is not finished', async () => {
    expect(await bash('for i in 1 2\r', 'do echo $i\r', 'done\r')).toEqual([
      '$ for i in 1 2',
      '> do echo $i',
      '> done',
      '1',
      '2',
      '$',
    ])
  })

  test('Ctrl-C ends the command in the foreground, and a line that is being typed', async () => {
    expect(await bash('sleep 100\r', '\x03', 'echo $?\r', 'half\x03', 'echo $?\r')).toEqual([
      '$ sleep 100',
      '^C',
      '$ echo $?',
      '130',
      '$ half^C',
      '$ echo $?',
      '130',
      '$',
    ])
  })

  test('Ctrl-C ends loops of builtins and a whole list', async () => {
    expect(await bash('while true; do :; done\r', '\x03', 'for i in 1 2; do sleep 9; echo $i; done\r', '\x03')).toEqual(
      ['$ while true; do :; done', '^C', '$ for i in 1 2; do sleep 9; echo $i; done', '^C', '$'],
    )
  })

  test('Ctrl-Z stops a command; fg, bg and jobs know it', async () => {
    expect(await bash('sleep 100\r', '\x1a', 'jobs\r', 'bg\r', 'jobs\r', 'fg %1\r', '\x03')).toEqual([
      '$ sleep 100',
      '^Z',
      '[1]+  Stopped                 sleep 100',
      '$ jobs',
      '[1]+  Stopped                 sleep 100',
      '$ bg',
      '[1]+ sleep 100 &',
      '$ jobs',
      '[1]+  Running                 sleep 100 &',
      '$ fg %1',
      'sleep 100',
      '^C',
      '$',
    ])
  })

  test('tells of jobs that have ended before the next prompt', async () => {
    expect(await bash('sleep 0.1 &\r', '\r', 'sleep 100 &\r', 'kill %1\r', '\r', '(exit 3) &\r', '\r')).toEqual([
      '$ sleep 0.1 &',
      '[1] 101',
      '$',
      '[1]+  Done                    sleep 0.1',
      '$ sleep 100 &',
      '[1] 102',
      '$ kill %1',
      '$',
      '[1]+  Terminated              sleep 100',
      '$ (exit 3) &',
      '[1] 103',
      '$',
      '[1]+  Exit 3                  ( exit 3 )',
      '$',
    ])
  })

  test('leaves with `exit` and Ctrl-D, but not at once while jobs are stopped', async () => {
    expect(await bash('bash\r', '\x04', 'sleep 9\r', '\x1a', 'exit\r', 'echo still\r')).toEqual([
      '$ bash',
      '$',
      'exit',
      '$ sleep 9',
      '^Z',
      '[1]+  Stopped                 sleep 9',
      '$ exit',
      'exit',
      'There are stopped jobs.',
      '$ echo still',
      'still',
      '$',
    ])
  })

  test('hands keys that were typed ahead to the next reader', async () => {
    const screen = new Screen(new World(programs), ['bash'])
    await screen.type('sleep 2; read x; echo "[$x]"\rfor read\recho after\r')
    await screen.world.kernel.advance(5000)
    expect((await screen.lines()).slice(-4)).toEqual(['[for read]', '$ echo after', 'after', '$'])
  })

  test('a syntax error ends the line only', async () => {
    expect(await bash('echo a; )\r', 'echo "b\r', '"\r')).toEqual([
      '$ echo a; )',
      "bash: syntax error near unexpected token `)'",
      '$ echo "b',
      '> "',
      'b',
      '',
      '$',
    ])
  })

  test('offers what the keys spell when a command is typed on the Korean layout', async () => {
    expect(await bash('ㅏㅕㅠㄷㅊ시 get pods\r')).toEqual([
      '$ ㅏㅕㅠㄷㅊ시 get pods',
      'bash: ㅏㅕㅠㄷㅊ시: command not found',
      "hint: on the Latin layout these keys spell 'kubectl' (한/영)",
      '$',
    ])
  })
})

describe('ash at a terminal', () => {
  test('introduces itself, has its own words, and leaves without one', async () => {
    const screen = new Screen(new World(programs, { busybox: true }), ['sh'], { prompt: '/ # ', columns: 100 })
    await screen.type('nosuch\r', 'sleep 100\r', '\x03', 'cd /nope\r', '\x04')
    expect(await screen.lines()).toEqual([
      '',
      '',
      'BusyBox v1.36.1 (2023-05-18 22:34:17 UTC) built-in shell (ash)',
      "Enter 'help' for a list of built-in commands.",
      '',
      '/ # nosuch',
      'sh: nosuch: not found',
      '/ # sleep 100',
      '^C',
      '/ # cd /nope',
      "sh: cd: can't cd to /nope: No such file or directory",
      '/ #',
    ])
    expect(screen.process.state).toBe('ended')
  })
})
