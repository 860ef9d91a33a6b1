import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { programs } from '../../../src/simulator/machine/programs/registry.ts'
import { World } from '../world.ts'

interface Answer {
  readonly line: string
  readonly stdout: string
  readonly stderr: string
  readonly status: number
}

/** What the real shells answered: made by recordShells.mjs. */
function answersOf(shell: string): Answer[] {
  const text = readFileSync(join(import.meta.dirname, `${shell}-answers.jsonl`), 'utf8')
  return text
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
}

describe.each([
  ['bash', 'bash'],
  ['dash', 'sh'],
])('%s answers as the real one', (shell, name) => {
  test.each(answersOf(shell).map(answer => [answer.line, answer] as const))('%s', async (line, answer) => {
    const ran = await new World(programs).run([name, '-c', line.replaceAll('⏎', '\n')])
    expect({ stdout: ran.stdout, stderr: canonical(ran.stderr), status: ran.status }).toEqual({
      stdout: answer.stdout,
      stderr: canonical(answer.stderr),
      status: answer.status,
    })
  })
})

/** Process numbers and measured times differ from run to run. */
function canonical(text: string): string {
  return text
    .replace(/ +(?:\d+|PID) (Terminated|Killed|Aborted|Hangup)/g, ' PID $1')
    .replace(/^(real|user|sys)\t\d+m[\d.]+s$/gm, '$1\tTIME')
}
