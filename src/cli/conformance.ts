import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { type Comparison, compareTranscripts } from './canonical.ts'
import { readFolder } from './content.ts'
import { labOfTranscript, playFresh } from './play.ts'
import { parseTranscript } from './transcript.ts'

const usage = `Usage: npm run conformance -- [--sessions DIR] [--area NAME] [--show N] [--json]
Plays recorded terminal sessions of a real cluster and prints the share of commands that are answered alike.`

const { values } = parseArgs({
  options: {
    sessions: { type: 'string', default: 'tests/transcripts' },
    area: { type: 'string' },
    show: { type: 'string', default: '0' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) console.log(usage)
else await report(values.sessions, values.area, Number(values.show))

async function report(root: string, area: string | undefined, show: number): Promise<void> {
  const areas: Record<string, { passed: number; total: number }> = {}
  let shown = 0
  for (const file of transcriptFiles(root)) {
    const name = relative(root, file).replaceAll('\\', '/')
    const place = name.split('/')[0] ?? name
    if (area && place !== area && name !== area) continue
    const results = await compareFile(file)
    const passed = results.filter(result => result.isEqual).length
    areas[place] ??= { passed: 0, total: 0 }
    areas[place].passed += passed
    areas[place].total += results.length
    if (values.json) continue
    console.log(`${name}: ${passed}/${results.length}`)
    for (const result of results) if (!result.isEqual && shown++ < show) console.log(difference(result))
  }
  if (values.json) console.log(JSON.stringify({ areas }))
  else for (const line of table(areas)) console.log(line)
}

/** Recorded sessions below a folder; the folders beside them hold their files. */
function transcriptFiles(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.txt') && !/(^|[\\/])files[^\\/]*[\\/]/.test(path))
    .map(path => join(root, path))
    .sort()
}

async function compareFile(file: string): Promise<Comparison[]> {
  const recorded = parseTranscript(readFileSync(file, 'utf8'))
  const files = recorded.files ? readFolder(join(dirname(file), recorded.files)) : {}
  try {
    const { played } = await playFresh(recorded, labOfTranscript(recorded, files), 1)
    return compareTranscripts(recorded, played)
  } catch (error) {
    console.error(`${file}: ${error instanceof Error ? error.message : error}`)
    return compareTranscripts(recorded, { ...recorded, steps: [] })
  }
}

function difference(result: Comparison): string {
  const side = (mark: string, lines: readonly string[]) => lines.map(line => `    ${mark} ${line}`)
  return [`  $ ${result.run}`, ...side('-', result.expected), ...side('+', result.actual)].join('\n')
}

function table(areas: Record<string, { passed: number; total: number }>): string[] {
  const rows = Object.entries(areas)
  const sum = (key: 'passed' | 'total') => rows.reduce((total, [, area]) => total + area[key], 0)
  return [...rows, ['all', { passed: sum('passed'), total: sum('total') }] as const].map(
    ([name, { passed, total }]) =>
      `${name.padEnd(12)} ${String(passed).padStart(5)} of ${String(total).padStart(5)}  ${((100 * passed) / Math.max(1, total)).toFixed(1)} %`,
  )
}
