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

/** What a real bash 5.2 answered; made by recordShells.mjs. */
const answers: readonly Answer[] = JSON.parse(readFileSync(join(import.meta.dirname, 'bash-answers.json'), 'utf8'))

describe('bash answers as the real one', () => {
  for (const { line, stdout, stderr, status } of answers) {
    test(line, async () => {
      const ran = await new World(programs).run(['bash', '-c', line.replaceAll('⏎', '\n')])
      expect({ stdout: ran.stdout, stderr: canonical(ran.stderr), status: ran.status }).toEqual({
        stdout,
        stderr: canonical(stderr),
        status,
      })
    })
  }
})

/** Process numbers and measured times differ from run to run. */
function canonical(text: string): string {
  return text
    .replace(/ +(?:\d+|PID) (Terminated|Killed|Aborted|Hangup)/g, ' PID $1')
    .replace(/^(real|user|sys)\t\d+m[\d.]+s$/gm, '$1\tTIME')
}
