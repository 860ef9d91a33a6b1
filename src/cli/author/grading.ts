import { runChecks, type Verdict } from '../../simulator/grading/check.ts'
import { Lab } from '../../simulator/lab.ts'
import type { LabDefinition } from '../../simulator/labDefinition.ts'
import { play } from '../play.ts'
import type { Transcript } from '../transcript.ts'
import type { LessonSource } from './lessonSource.ts'

/** Lessons are tried with this seed; a learner gets another. */
export const authorSeed = 7

/** Plays a session in a fresh lab of a lesson and runs the lesson's checks. */
export async function gradeSession(
  source: LessonSource,
  transcript: Transcript | undefined,
  definition: LabDefinition = source.definition,
  seed = authorSeed,
): Promise<Verdict[]> {
  const lab = await Lab.boot(definition, seed)
  if (transcript) await play(transcript, lab)
  return runChecks(source.checks, lab.world())
}

/** What a verdict says, for an author. */
export function verdictText({ id, state, reason, evidence }: Verdict): string {
  return [`${id}: ${state}`, reason?.en, evidence && `observed: ${evidence}`].filter(Boolean).join(' — ')
}
