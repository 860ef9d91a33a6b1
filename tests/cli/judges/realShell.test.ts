import { existsSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { RealShell } from '../../../src/cli/judges/realShell.ts'

const shells: RealShell[] = []

function open(files: Readonly<Record<string, string>> = {}): RealShell {
  const shell = new RealShell({ kubectl: '/bin/echo', kubeconfig: '', url: 'https://127.0.0.1:7000', files })
  shells.push(shell)
  return shell
}

afterEach(() => {
  for (const shell of shells.splice(0)) shell.close()
})

test.skipIf(!existsSync('/bin/bash'))(
  'a command finds the files, its kubectl, and the addresses it knows',
  async () => {
    const shell = open({ 'a/b.txt': 'hello\n' })
    const { stdout, stderr, status } = await shell.run(
      'cat a/b.txt; pwd; kubectl to https://192.168.64.10:6443; no >&2; exit 3',
    )
    expect(stdout).toBe('hello\n/home/learner\nto https://192.168.64.10:6443\n')
    expect([stderr, status]).toEqual(['bash: line 1: no: command not found\n', 3])
  },
)

test.skipIf(!existsSync('/bin/bash'))('what a command leaves behind does not hold it up', async () => {
  const began = performance.now()
  expect((await open().run('sleep 60 & echo done')).stdout).toBe('done\n')
  expect(performance.now() - began).toBeLessThan(5000)
})
