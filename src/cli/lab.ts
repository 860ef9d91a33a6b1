import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import type { LabEvent } from '../simulator/eventLog.ts'
import { runChecks } from '../simulator/grading/check.ts'
import { Lab } from '../simulator/lab.ts'
import { readLabDefinition } from '../simulator/labDefinition.ts'
import { findLesson, readChecks, readFolder, readLesson } from './content.ts'
import { labOfTranscript, playFresh, recordedSeed } from './play.ts'
import { formatTranscript, parseTranscript } from './transcript.ts'

const usage = `Usage:
  npm run -s lab -- play [--lab LAB.yaml] [--files DIR] [--seed N] SESSION.txt
      plays the commands of a session in a fresh lab and prints the session with the lab's answers
  npm run -s lab -- grade --lesson ID [--seed N] [--json] SESSION.txt
      plays a session in a lesson's lab and prints the outcome of each check
  npm run -s lab -- hash [--lab LAB.yaml] [--files DIR] [--seed N] SESSION.txt
      prints the digest of the lab's state after a session
  npm run -s lab -- hash WORK.json
      the same after the work on a lesson that a browser keeps: {"lesson", "seed", "log", "now"}`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    lab: { type: 'string' },
    files: { type: 'string' },
    seed: { type: 'string', default: String(recordedSeed) },
    lesson: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const [verb = '', session = ''] = positionals
const verbs: Record<string, () => Promise<void>> = { play, grade, hash }

const run = verbs[verb]
if (values.help) console.log(usage)
else if (!run || !session) refuse(usage)
else {
  try {
    await run()
  } catch (error) {
    refuse(`lab ${verb}: ${error instanceof Error ? error.message : error}`)
  }
}

async function play(): Promise<void> {
  const { played } = await playSession()
  process.stdout.write(formatTranscript(played))
}

async function hash(): Promise<void> {
  const { lab } = session.endsWith('.json') ? await replayWork() : await playSession()
  console.log(lab.stateHash())
}

async function replayWork() {
  const { lesson, seed, log, now } = JSON.parse(readFileSync(session, 'utf8')) as {
    readonly lesson: string
    readonly seed: number
    readonly log: readonly LabEvent[]
    readonly now: number
  }
  if (!Array.isArray(log)) throw new Error(`${session}: log, a list of events, is missing`)
  return { lab: await Lab.replay(readLesson(findLesson(lesson)), seed, log, { until: now }) }
}

async function playSession() {
  const transcript = parseTranscript(readFileSync(session, 'utf8'))
  const folder = values.files ?? (transcript.files && join(dirname(session), transcript.files))
  const files = folder ? readFolder(folder) : {}
  const definition = values.lab
    ? readLabDefinition(readFileSync(values.lab, 'utf8'), files, values.lab)
    : labOfTranscript(transcript, files)
  return playFresh(transcript, definition, seed())
}

async function grade(): Promise<void> {
  if (!values.lesson) return refuse(usage)
  const lesson = findLesson(values.lesson)
  const checks = await readChecks(lesson)
  const { lab } = await playFresh(parseTranscript(readFileSync(session, 'utf8')), readLesson(lesson), seed())
  const verdicts = await runChecks(checks, lab.world())
  const all = checks.reduce((sum, check) => sum + check.points, 0)
  const reached = verdicts.reduce((sum, verdict) => sum + verdict.points, 0)
  if (values.json) console.log(JSON.stringify({ lesson: lesson.id, reached, all, checks: verdicts }))
  else {
    for (const [index, verdict] of verdicts.entries()) {
      const check = checks[index]!
      console.log(`${verdict.state.padEnd(7)} ${verdict.points}/${check.points}  ${check.id}: ${check.title.en}`)
      if (verdict.reason) console.log(`              ${verdict.reason.en}`)
      if (verdict.evidence) console.log(`              observed: ${verdict.evidence}`)
    }
    console.log(`${reached} of ${all} points`)
  }
  if (verdicts.some(verdict => verdict.state === 'error')) process.exitCode = 1
}

function seed(): number {
  const number = Number(values.seed)
  if (!Number.isInteger(number)) throw new Error(`--seed takes an integer, not ${values.seed}`)
  return number
}

function refuse(message: string): void {
  console.error(message)
  process.exitCode = 2
}
