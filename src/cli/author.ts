import { parseArgs } from 'node:util'
import { digestOf, readReports, reportOn, type Share, writeReports } from './author/lessonReport.ts'
import { type LessonSource, readLessonSource } from './author/lessonSource.ts'
import { writeGuide } from './author/notes.ts'
import type { Problem } from './author/problem.ts'
import { readingLevel } from './author/readingLevel.ts'
import { readingMinutes } from './author/rules/prose.ts'
import { rules } from './author/rules/registry.ts'
import { layLesson } from './author/scaffold.ts'
import { findLesson, type LessonFolder, lessonFolders } from './content.ts'

const usage = `Usage:
  npm run -s author -- new CHAPTER/LESSON     lays the folder of a new lesson: 03-service/02-labels
  npm run -s author -- check [LESSON…]        looks for everything that is wrong with lessons, all by default
  npm run -s author -- check --quick [LESSON…]  the same without playing sessions
  npm run -s author -- report [LESSON…]       plays what is stored with lessons that changed, prints how well their
                                              checks tell right from wrong, and keeps it in content/report.json
  npm run -s author -- report --anew [LESSON…]  the same for lessons that did not change
  npm run -s author -- notes                  writes what the source notes say into content/README.md`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    anew: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const [verb = '', ...names] = positionals
const verbs: Record<string, () => Promise<void> | void> = { new: lay, check, report, notes: writeGuide }

const run = verbs[verb]
if (values.help) console.log(usage)
else if (!run) refuse(usage)
else {
  try {
    await run()
  } catch (error) {
    refuse(`author ${verb}: ${error instanceof Error ? error.message : error}`)
  }
}

async function lay(): Promise<void> {
  if (names.length !== 1) return refuse(usage)
  for (const path of layLesson(names[0]!)) console.log(path)
}

async function check(): Promise<void> {
  let found = 0
  for (const lesson of chosen()) {
    const problems = await inspect(lesson)
    found += problems.length
    console.log(`${problems.length === 0 ? '✓' : '✗'} ${lesson.id}${await measuresOf(lesson)}`)
    for (const { place, text } of problems) console.log(`  ${place}: ${text}`)
  }
  if (found > 0) process.exitCode = 1
}

/** Reading time, sentence length and reading level; empty when the lesson cannot be read. */
async function measuresOf(lesson: LessonFolder): Promise<string> {
  const source = await read(lesson).catch(() => undefined)
  if (!source) return ''
  const parts = (['ko', 'en'] as const).map(language => {
    const text = source.texts[language]
    const { words, longest, grade } = readingLevel(text, language)
    const minutes = readingMinutes(text, language).toFixed(0)
    const level = grade === undefined ? '' : `, grade ${grade.toFixed(1)}`
    return `${language} ${minutes} min, ${words.toFixed(1)} words a sentence, longest ${longest}${level}`
  })
  return `  (${parts.join('; ')})`
}

async function inspect(lesson: LessonFolder): Promise<Problem[]> {
  const problems: Problem[] = []
  let source: LessonSource
  try {
    source = await read(lesson)
  } catch (error) {
    return [{ place: lesson.folder, text: error instanceof Error ? error.message : String(error) }]
  }
  for (const rule of rules) if (!values.quick || !rule.plays) problems.push(...(await rule.inspect(source)))
  return problems
}

async function report(): Promise<void> {
  const reports = readReports()
  const rows = [['lesson', 'points', 'start', 'solutions', 'mistakes', 'mutants', 'harmless', 'minutes', 'ko', 'en']]
  for (const lesson of chosen()) {
    const source = await read(lesson)
    const kept = reports.get(lesson.id)
    const fresh = kept?.digest === digestOf(lesson) && !values.anew ? kept : await reportOn(source)
    reports.set(lesson.id, fresh)
    writeReports(reports, lessonFolders())
    const { points, start, solutions, mistakes, mutants, harmless } = fresh
    const minutes = (language: 'ko' | 'en') => readingMinutes(source.texts[language], language).toFixed(0)
    rows.push([
      lesson.id,
      String(points),
      String(start),
      shareText(solutions),
      shareText(mistakes),
      shareText(mutants),
      String(harmless),
      source.texts.en.settings['minutes'] ?? '',
      minutes('ko'),
      minutes('en'),
    ])
  }
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  for (const row of rows)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
}

function shareText({ right, all }: Share): string {
  return `${right}/${all}`
}

function chosen(): LessonFolder[] {
  return names.length > 0 ? names.map(findLesson) : lessonFolders()
}

function read(lesson: LessonFolder): Promise<LessonSource> {
  return readLessonSource(
    lesson,
    lessonFolders().map(({ id }) => id),
  )
}

function refuse(message: string): void {
  console.error(message)
  process.exitCode = 2
}
