import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Check } from '../../simulator/grading/check.ts'
import type { LabDefinition } from '../../simulator/labDefinition.ts'
import { type LessonFolder, readChecks, readLesson } from '../content.ts'
import { parseTranscript, type Transcript } from '../transcript.ts'
import { type LessonText, readLessonText } from './lessonText.ts'

export type Language = 'ko' | 'en'

/** A stored session of a lesson. */
export interface StoredSession {
  /** `solutions/by-file.txt` */
  readonly name: string
  readonly file: string
  readonly transcript: Transcript
}

/** Everything in a lesson's folder, read once. */
export interface LessonSource {
  readonly lesson: LessonFolder
  readonly definition: LabDefinition
  readonly checks: readonly Check[]
  readonly texts: Readonly<Record<Language, LessonText>>
  readonly solutions: readonly StoredSession[]
  readonly mistakes: readonly StoredSession[]
  /** Ids of all lessons, for links. */
  readonly lessons: readonly string[]
}

/** Reads a lesson; throws what is wrong with its lab.yaml or checks.ts. */
export async function readLessonSource(lesson: LessonFolder, lessons: readonly string[]): Promise<LessonSource> {
  const { folder } = lesson
  const text = (language: Language) => {
    const file = join(folder, `${language}.mdx`)
    return readLessonText(file, readFileSync(file, 'utf8'))
  }
  return {
    lesson,
    definition: readLesson(lesson),
    checks: await readChecks(lesson),
    texts: { ko: text('ko'), en: text('en') },
    solutions: sessionsIn(folder, 'solutions'),
    mistakes: sessionsIn(folder, 'mistakes'),
    lessons,
  }
}

function sessionsIn(folder: string, kind: string): StoredSession[] {
  const parent = join(folder, kind)
  if (!existsSync(parent)) return []
  return readdirSync(parent)
    .filter(name => name.endsWith('.txt'))
    .sort()
    .map(name => {
      const file = join(parent, name)
      return { name: `${kind}/${name}`, file, transcript: parseTranscript(readFileSync(file, 'utf8')) }
    })
}
