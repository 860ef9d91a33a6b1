import { expect, test } from 'vitest'
import { programs } from '#simulator/machine/programs/registry.ts'
import { World } from '../world.ts'

async function run(command: string): Promise<string> {
  const world = new World(programs, { busybox: true })
  const files = world.files
  files.writeText('/home/learner/f', 'one\ntwo\nthree\n')
  files.mkdir('/home/learner/d')
  files.writeText('/home/learner/d/x', 'x')
  files.touch('/home/learner/f', Date.UTC(2026, 1, 3, 4, 5))
  files.touch('/home/learner/d', Date.UTC(2024, 1, 3, 4, 5))
  const { stdout, stderr, status } = await world.run(['sh', '-c', command])
  return stdout + stderr + (status ? `? ${status}\n` : '')
}

test.each([
  ['cat nosuch', "cat: can't open 'nosuch': No such file or directory\n? 1\n"],
  ['cat d', 'cat: read error: Is a directory\n? 1\n'],
  ['head -n 1 nosuch', "head: can't open 'nosuch': No such file or directory\n? 1\n"],
  ['tail nosuch', "tail: can't open 'nosuch': No such file or directory\n? 1\n"],
  ['wc f', '        3         3        14 f\n'],
  ['wc -l f', '3 f\n'],
  ['wc -l < f', '3\n'],
  ['ls', 'd\nf\n'],
  [
    'ls -l',
    'total 8\ndrwxr-xr-x    2 root     root          4096 Feb  3  2024 d\n-rw-r--r--    1 root     root            14 Feb  3 04:05 f\n',
  ],
  ['ls nosuch', 'ls: nosuch: No such file or directory\n? 1\n'],
  ['rm nosuch', "rm: can't remove 'nosuch': No such file or directory\n? 1\n"],
  ['rm d', "rm: 'd' is a directory\n? 1\n"],
  ['cp nosuch x', "cp: can't stat 'nosuch': No such file or directory\n? 1\n"],
  ['cp d /tmp/x', "cp: omitting directory 'd'\n? 1\n"],
  ['mv nosuch x', "mv: can't rename 'nosuch': No such file or directory\n? 1\n"],
  ['mkdir /tmp/a /tmp/a', "mkdir: can't create directory '/tmp/a': File exists\n? 1\n"],
  ['rmdir d', "rmdir: 'd': Directory not empty\n? 1\n"],
  ['touch nodir/x', 'touch: nodir/x: No such file or directory\n? 1\n'],
  ['chmod 644 nosuch', 'chmod: nosuch: No such file or directory\n? 1\n'],
  ['sort nosuch', "sort: can't open 'nosuch': No such file or directory\n? 2\n"],
  ['grep x nosuch', 'grep: nosuch: No such file or directory\n? 2\n'],
  ['sed s/a/b/ nosuch', 'sed: nosuch: No such file or directory\n? 1\n'],
  ['sleep abc', "sleep: invalid number 'abc'\n? 1\n"],
  ['head -n x f', "head: invalid number 'x'\n? 1\n"],
  ['date foo', "date: invalid date 'foo'\n? 1\n"],
  ['id nobody9', 'id: unknown user nobody9\n? 1\n'],
  ['env nosuch', "env: can't execute 'nosuch': No such file or directory\n? 127\n"],
  ['timeout 1 sleep 5', '? 143\n'],
  ['test a b c', 'sh: b: unknown operand\n? 2\n'],
  ['diff f d/x', '--- f\n+++ d/x\n@@ -1,3 +1 @@\n-one\n-two\n-three\n+x\n\\ No newline at end of file\n? 1\n'],
])('busybox: %s', async (command, expected) => {
  expect(await run(command)).toBe(expected)
})

test('ps shows number, user and command', async () => {
  const answer = await run('ps')
  expect(answer.split('\n')[0]).toBe('PID   USER     COMMAND')
  expect(answer).toMatch(/^ {2}\d+ learner {2}ps$/m)
})
