import type { LessonSource } from '../lessonSource.ts'
import type { Problem } from '../problem.ts'

/** Something that every lesson has to be. */
export interface Rule {
  readonly name: string
  /** What it asks for, in one sentence. */
  readonly summary: string
  /** Whether it plays sessions, which takes its time. */
  readonly plays?: boolean
  inspect(source: LessonSource): Promise<readonly Problem[]> | readonly Problem[]
}
