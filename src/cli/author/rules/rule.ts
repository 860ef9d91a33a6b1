import type { LessonSource } from '../lessonSource.ts'
import type { Problem } from '../problem.ts'

/** Something that every lesson has to be. */
export interface Rule {
  readonly name: string
  /** What it asks for, in one sentence. */
  readonly summary: string
  /** Whether it plays sessions, which takes its time. */
  readonly plays?: boolean
  /** `isBrief`: with fewer seeds, for tests that run all the time. */
  inspect(source: LessonSource, isBrief?: boolean): Promise<readonly Problem[]> | readonly Problem[]
}
