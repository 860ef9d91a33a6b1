import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Comparison } from './canonical.ts'
import {
  type Area,
  type Case,
  difference,
  type Outcome,
  type ReleaseNote,
  type Unanswered,
} from './conformance/area.ts'
import { Corpora } from './conformance/corpora.ts'
import { areas } from './conformance/registry.ts'
import { compareSession, sessionsIn } from './conformance/sessions.ts'

const usage = `Usage: npm run conformance -- [--sessions DIR] [--corpora DIR] [--area NAME] [--show N] [--json]
Plays recorded terminal sessions of a real cluster, and puts the questions of corpora to the simulator, when a folder
with them is named. Prints how much is answered alike, and the first N differences of each area.
NAME is an area, the part of one before or behind a slash, or one recording.`

/** How much of an area is answered alike. */
interface Score {
  passed: number
  total: number
  /** How many recorded answers of older releases were put into today's words, or left aside, and why. */
  notes?: Record<string, number>
}

const { values } = parseArgs({
  options: {
    sessions: { type: 'string', default: 'tests/transcripts' },
    corpora: { type: 'string' },
    area: { type: 'string' },
    show: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const show = values.json ? 0 : Number(values.show)
const scores: Record<string, Score> = {}

if (values.help) console.log(usage)
else {
  await runSessions(values.sessions)
  if (values.corpora !== undefined) await runCorpora(values.corpora)
  report()
}

function isAsked(name: string): boolean {
  const { area } = values
  return area === undefined || name === area || name.startsWith(`${area}/`) || name.endsWith(`/${area}`)
}

async function runSessions(root: string): Promise<void> {
  if (!existsSync(root)) return console.error(`${root} is not there: no recorded session is played`)
  for (const name of sessionsIn(root)) {
    if (!isAsked(name)) continue
    const place = name.includes('/') ? name.slice(0, name.indexOf('/')) : name
    const results = await compareSession(join(root, name))
    const score = (scores[place] ??= { passed: 0, total: 0 })
    score.passed += results.filter(result => result.isEqual).length
    score.total += results.length
    tell(`${name}: ${results.filter(result => result.isEqual).length}/${results.length}`)
    for (const result of results.filter(each => !each.isEqual).slice(0, show)) tell(differenceOf(result))
  }
}

async function runCorpora(root: string): Promise<void> {
  const corpora = new Corpora(root)
  for (const area of areas) {
    if (!isAsked(area.name)) continue
    const missing = area.needs.filter(path => !corpora.has(path))
    if (missing.length > 0) console.error(`${area.name} is not run: ${join(root, missing.join(', '))} is not there`)
    else await runArea(area, corpora)
  }
}

async function runArea(area: Area, corpora: Corpora): Promise<void> {
  const score: Score = { passed: 0, total: 0 }
  scores[area.name] = score
  let shown = 0
  for await (const each of area.cases(corpora)) {
    const outcome = await outcomeOf(each)
    if (typeof outcome === 'object') note(score, outcome)
    if (typeof outcome === 'object' && 'unanswered' in outcome) continue
    score.total++
    if (typeof outcome !== 'string') score.passed++
    else if (shown++ < show) tell(`  ${each.name}\n${outcome}`)
  }
  tell(`${area.name}: ${score.passed}/${score.total}`)
  for (const [text, count] of Object.entries(score.notes ?? {})) tell(`    ${count} ${text}`)
}

function note(score: Score, outcome: ReleaseNote | Unanswered): void {
  const text = 'release' in outcome ? `by release: ${outcome.release}` : `not compared: ${outcome.unanswered}`
  score.notes ??= {}
  score.notes[text] = (score.notes[text] ?? 0) + 1
}

async function outcomeOf({ run }: Case): Promise<Outcome> {
  try {
    return await run()
  } catch (error) {
    return `    ! ${error instanceof Error ? error.stack?.split('\n').slice(0, 3).join('\n') : error}`
  }
}

function differenceOf({ run, expected, actual }: Comparison): string {
  return `  $ ${run}\n${difference(expected.join('\n'), actual.join('\n'))}`
}

function tell(text: string): void {
  if (!values.json) console.log(text)
}

function report(): void {
  if (values.json) {
    const plain = Object.entries(scores).map(([name, { passed, total }]) => [name, { passed, total }])
    return console.log(JSON.stringify({ areas: Object.fromEntries(plain) }))
  }
  const sum = (key: 'passed' | 'total') => Object.values(scores).reduce((total, score) => total + score[key], 0)
  const width = Math.max(3, ...Object.keys(scores).map(name => name.length))
  for (const [name, { passed, total }] of [
    ...Object.entries(scores),
    ['all', { passed: sum('passed'), total: sum('total') }] as const,
  ])
    console.log(
      `${name.padEnd(width)} ${String(passed).padStart(6)} of ${String(total).padStart(6)}  ${((100 * passed) / Math.max(1, total)).toFixed(1)} %`,
    )
}
