import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path/posix'
import { expect, test } from 'vitest'
import { referenceCluster } from '#simulator/cluster/definition.ts'
import { Lab } from '#simulator/lab.ts'
import { Random } from '#simulator/random.ts'
import { parseTranscript } from '../src/cli/transcript.ts'

const root = 'tests/transcripts'
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).map(path =>
  join(root, path.replaceAll('\\', '/')),
)

/** Lines to damage: those of the recordings, or of FUZZ_LINES, a file with one command a line. */
const lines = process.env['FUZZ_LINES']
  ? readFileSync(process.env['FUZZ_LINES'], 'utf8').split('\n').filter(Boolean)
  : files
      .filter(path => path.endsWith('.txt') && !/\/files[^/]*\//.test(path))
      .flatMap(path => parseTranscript(readFileSync(path, 'utf8')).steps)
      .flatMap(step => ('run' in step ? step.run.split('\n') : []))

const manifests = files.filter(path => /\.ya?ml$/.test(path)).map(path => readFileSync(path, 'utf8'))

const counts = {
  lines: Number(process.env['FUZZ_LINE_COUNT'] ?? 400),
  manifests: Number(process.env['FUZZ_MANIFEST_COUNT'] ?? 200),
}

/** Signs of our own failure in an answer. */
const ourStack =
  /\n\s+at .*\.ts:|TypeError|ReferenceError|RangeError: Maximum|is not a function|\[object Object\]|undefined is not/

test(`${counts.lines} damaged command lines get an answer each`, { timeout: 3_600_000 }, async () => {
  const random = new Random(11)
  const lab = await labThatReports()
  for (let i = 0; i < counts.lines; i++) {
    const command = damagedLine(random)
    const { stdout, stderr } = await lab.run(command, 20_000)
    expect(`${stdout}\n${stderr}`, command).not.toMatch(ourStack)
  }
})

test(`${counts.manifests} damaged manifests get an answer each`, { timeout: 3_600_000 }, async () => {
  const random = new Random(12)
  const lab = await labThatReports()
  for (let i = 0; i < counts.manifests; i++) {
    const manifest = damagedText(random.pick(manifests), random)
    lab.saveFile('damaged.yaml', manifest)
    const { stdout, stderr } = await lab.run('kubectl apply -f damaged.yaml', 20_000)
    expect(`${stdout}\n${stderr}`, manifest).not.toMatch(ourStack)
  }
})

async function labThatReports(): Promise<Lab> {
  const lab = await Lab.boot({ cluster: referenceCluster, files: {} }, 3)
  lab.onBug(error => {
    throw error
  })
  return lab
}

/** Words of some lines in another order, cut flags, stray quotes. */
function damagedLine(random: Random): string {
  const words = random.pick(lines).split(' ')
  for (let change = random.below(3); change >= 0; change--) {
    const at = random.below(words.length)
    const word = words[at] ?? ''
    const kind = random.below(6)
    if (kind === 0) words.splice(at, 1)
    else if (kind === 1) words.splice(at, 0, random.pick(random.pick(lines).split(' ')))
    else if (kind === 2) words[at] = word.slice(0, random.below(word.length + 1))
    else if (kind === 3) words[at] = `${random.pick(['"', "'", '`', '\\', '$(', '{', '>', '|', '&', ';', '$'])}${word}`
    else if (kind === 4) words.push(words.splice(at, 1)[0] ?? '')
    else words[at] = word.replace(/[a-z0-9]/, random.pick(['', '한', '-', '=', '0', '\u0001']))
  }
  return words.join(' ')
}

/** Lines missing, doubled, indented otherwise; characters changed. */
function damagedText(text: string, random: Random): string {
  const lines = text.split('\n')
  for (let change = random.below(4); change >= 0; change--) {
    const at = random.below(lines.length)
    const line = lines[at] ?? ''
    const kind = random.below(7)
    if (kind === 0) lines.splice(at, 1)
    else if (kind === 1) lines.splice(at, 0, line)
    else if (kind === 2) lines[at] = `  ${line}`
    else if (kind === 3) lines[at] = line.replace(/^ {2}/, '')
    else if (kind === 4)
      lines[at] = line.replace(
        /: .*/,
        `: ${random.pick(['{}', '[]', 'null', '-1', '"', 'true', '1e9', '&a *a', '|', '\t'])}`,
      )
    else if (kind === 5) lines[at] = line.slice(0, random.below(line.length + 1))
    else lines[at] = line.replace(/[a-z]/, random.pick(['', ':', '#', '\t', '한', '"']))
  }
  return lines.join('\n')
}
