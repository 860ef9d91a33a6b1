import { readdirSync, readFileSync } from 'node:fs'
import headless from '@xterm/headless'
import { expect, test } from 'vitest'
import { referenceCluster } from '#simulator/cluster/definition.ts'
import { Lab } from '#simulator/lab.ts'
import { Canonicalizer } from '../src/cli/canonical.ts'

const folder = 'tests/screens'
const [columns, rows] = [100, 40]

/** What the recorded cluster held when someone sat down to type. */
const setUp = [
  'kubectl create deployment web --image=nginx:1.27',
  'kubectl expose deployment web --port=80',
  'kubectl run box --image=busybox:1.36 -- sleep infinity',
  'kubectl run net --image=nicolaka/netshoot:v0.13 -- sleep infinity',
  'kubectl wait --for=condition=Ready pod --all --timeout=60s',
]

/** Screens that are not compared, and why. */
const different: Record<string, string> = {
  'run-rm-it-command.txt': 'the recorded pods ended before kubectl could attach, and the first of them failed',
}

const keys: Record<string, string> = { '^C': '\x03', '^D': '\x04' }

const compared = readdirSync(folder).filter(name => !(name in different))

test.each(compared)('%s shows what a real terminal showed', async name => {
  const { typed, screen } = readRecording(readFileSync(`${folder}/${name}`, 'utf8'))
  const lab = await Lab.boot({ cluster: referenceCluster, files: {} }, 1)
  for (const command of setUp) expect(await lab.run(command)).toMatchObject({ status: 0 })
  await lab.settle()

  const terminal = new headless.Terminal({ cols: columns, rows, allowProposedApi: true })
  let written = Promise.resolve()
  lab.onOutput(text => {
    written = written.then(() => new Promise(resolve => terminal.write(text, resolve)))
  })
  lab.openTerminal(columns, rows)
  lab.input("PS1='$ '; clear\r")
  await lab.advance(2000)
  for (const line of typed) {
    lab.input(keys[line] ?? `${line}\r`)
    await lab.advance(6000)
  }
  await written
  expect(canonical(linesOf(terminal))).toEqual(canonical(screen))
})

/** The header lists what was typed; the rest is the screen. */
function readRecording(text: string): { typed: string[]; screen: string[] } {
  const lines = text.split('\n')
  const start = lines.findIndex(line => !line.startsWith('#'))
  const typed = lines.slice(lines.findIndex(line => line.startsWith('# what was typed')) + 1, start)
  return { typed: typed.map(line => line.replace(/^# {0,3}/, '')), screen: lines.slice(start) }
}

function linesOf(terminal: InstanceType<typeof headless.Terminal>): string[] {
  const { active } = terminal.buffer
  const lines: string[] = []
  for (let row = 0; row < active.length; row++) {
    const line = active.getLine(row)
    const text = line?.translateToString(true) ?? ''
    if (line?.isWrapped) lines[lines.length - 1] += text
    else lines.push(text)
  }
  return lines
}

/** Versions of busybox, process numbers and container ids aside; empty lines at the end do not count. */
function canonical(lines: readonly string[]): string[] {
  const forms = new Canonicalizer()
  const text = lines.map(line =>
    forms
      .line(line)
      .replace(/^BusyBox v.*\) built-in shell/, 'BusyBox <version> built-in shell')
      .replace(/[\t ]+/g, ' ')
      .replace(/^\[1\] \d+$/, '[1] <pid>')
      .replace(/^ ?\d+ (?=root )/, '<pid> ')
      .replace(/\b[0-9a-f]{64}\b/g, '<container-id>'),
  )
  while (text.at(-1) === '') text.pop()
  return text
}
