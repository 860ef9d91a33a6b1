import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { programs } from '#simulator/machine/programs/registry.ts'
import { TextSink, TextSource } from '#simulator/machine/streams.ts'
import { type CommandStep, parseTranscript } from '../../../src/cli/transcript.ts'
import { World } from '../world.ts'

// What the tools of Debian 12 answered, as root in an empty directory: a folder of transcripts, one topic a file.
const folder = new URL('recordings/', import.meta.url)
let count = 0

for (const name of readdirSync(folder).sort()) {
  test(`${name.replace('.txt', '')} answers as recorded`, async () => {
    const { steps } = parseTranscript(readFileSync(new URL(name, folder), 'utf8'))
    const world = new World(programs)
    world.files.mkdir('/tmp/work')
    const differences: string[] = []
    for (const step of steps) {
      if (!('run' in step)) continue
      count++
      const ours = await answer(world, step.run)
      if (step.compare === 'skip') continue
      const theirs = { stdout: text(step.stdout), stderr: text(step.stderr), status: step.exit }
      if (JSON.stringify(ours) !== JSON.stringify(theirs)) differences.push(report(step, theirs, ours))
    }
    expect(differences.join('\n')).toBe('')
  })
}

afterAll(() => {
  expect(count).toBeGreaterThan(900)
})

interface Answer {
  readonly stdout: string
  readonly stderr: string
  readonly status: number
}

async function answer({ machine, kernel }: World, command: string): Promise<Answer> {
  let stdout = ''
  let stderr = ''
  const process = machine.start({
    argv: ['bash', '-c', command],
    cwd: '/tmp/work',
    env: new Map([
      ['PATH', '/usr/bin:/bin'],
      ['HOME', '/home/learner'],
      ['LANG', 'C.UTF-8'],
      ['TZ', 'UTC'],
      ['TERM', 'xterm'],
    ]),
    stdin: new TextSource(''),
    stdout: new TextSink(piece => {
      stdout += piece
    }),
    stderr: new TextSink(piece => {
      stderr += piece
    }),
    terminal: null,
  })
  await kernel.advance(60_000, () => process.state === 'ended')
  return { stdout, stderr, status: process.status ?? -1 }
}

function text(lines: readonly string[]): string {
  return lines.map(line => `${line}\n`).join('')
}

function report({ run, line }: CommandStep, theirs: Answer, ours: Answer): string {
  return `line ${line}: ${run}\n  theirs ${JSON.stringify(theirs)}\n  ours   ${JSON.stringify(ours)}`
}
