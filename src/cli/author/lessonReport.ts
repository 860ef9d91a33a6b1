import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LessonFolder } from '../content.ts'
import { readFolder } from '../content.ts'
import { gradeSession } from './grading.ts'
import type { LessonSource } from './lessonSource.ts'
import { mutantsOf } from './mutants.ts'
import { isCaught, isListed, readHarmless } from './rules/mutants.ts'

/** How well the checks of a lesson tell right from wrong. */
export interface LessonReport {
  readonly lesson: string
  /** Of what the report depends on: checks, lab, files and stored sessions. */
  readonly digest: string
  readonly checks: number
  readonly points: number
  /** Points that a learner has who did nothing. */
  readonly start: number
  readonly solutions: Share
  readonly mistakes: Share
  /** Solutions that were worsened, without those that are listed as harmless. */
  readonly mutants: Share
  readonly harmless: number
}

/** So many of so many: solutions with full points, mistakes and mutants that were caught. */
export interface Share {
  readonly right: number
  readonly all: number
}

/** Where the reports are kept. */
export const reportFile = 'content/report.json'

/** Plays everything that is stored with a lesson. */
export async function reportOn(source: LessonSource): Promise<LessonReport> {
  const { lesson, checks, solutions, mistakes, definition } = source
  const pointsOf = (verdicts: readonly { readonly points: number }[]) =>
    verdicts.reduce((sum, { points }) => sum + points, 0)
  const points = pointsOf(checks)
  let full = 0
  for (const { transcript } of solutions) if (pointsOf(await gradeSession(source, transcript)) === points) full++
  let caught = 0
  for (const { transcript } of mistakes) {
    const named = /^fails (\S+)$/m.exec(transcript.comments.join('\n'))?.[1]
    const verdicts = await gradeSession(source, transcript)
    if (verdicts.some(({ id, state }) => id === named && state === 'fail')) caught++
  }
  const harmless = readHarmless(join(lesson.folder, 'harmless.yaml'))
  const all = solutions.flatMap(solution => mutantsOf(solution, definition))
  const harmful = all.filter(mutant => !harmless.some(entry => isListed(mutant, entry)))
  let noticed = 0
  for (const mutant of harmful) if (await isCaught(source, mutant)) noticed++
  return {
    lesson: lesson.id,
    digest: digestOf(lesson),
    checks: checks.length,
    points,
    start: pointsOf(await gradeSession(source, undefined)),
    solutions: { right: full, all: solutions.length },
    mistakes: { right: caught, all: mistakes.length },
    mutants: { right: noticed, all: harmful.length },
    harmless: all.length - harmful.length,
  }
}

/** What stands in the file, by lesson. */
export function readReports(): Map<string, LessonReport> {
  const reports = existsSync(reportFile) ? (JSON.parse(readFileSync(reportFile, 'utf8')) as LessonReport[]) : []
  return new Map(reports.map(report => [report.lesson, report]))
}

/** Keeps reports, in the order of the lessons; those of lessons that are gone are left out. */
export function writeReports(reports: ReadonlyMap<string, LessonReport>, lessons: readonly LessonFolder[]): void {
  const kept = lessons.flatMap(({ id }) => reports.get(id) ?? [])
  writeFileSync(reportFile, `${JSON.stringify(kept, null, 2)}\n`)
}

/** Changes when anything changes that a report depends on; the text of a lesson may. */
export function digestOf({ folder }: LessonFolder): string {
  const digest = createHash('sha256')
  for (const [path, text] of Object.entries(readFolder(folder)))
    if (!/^(?:(?:ko|en)\.mdx|README\.md)$/.test(path)) digest.update(`${path}\0${text}\0`)
  return digest.digest('hex').slice(0, 16)
}
