import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { gradeSession } from '../grading.ts'
import type { LessonSource } from '../lessonSource.ts'
import { type Mutant, mutantsOf } from '../mutants.ts'
import { type Problem, placeOf } from '../problem.ts'
import type { Rule } from './rule.ts'

/** A change that may keep all points, with the reason: an entry of the lesson's harmless.yaml. */
export interface Harmless {
  /** A part of `place: change`, as `author check` prints them. */
  readonly change: string
  readonly because: string
}

/** Each change of a solution for the worse costs points, or is listed as harmless with the reason. */
export const mutants: Rule = {
  name: 'mutants',
  summary: 'A dropped command or a changed label, port, namespace, type or image costs points.',
  plays: true,
  async inspect(source) {
    const problems: Problem[] = []
    const file = join(source.lesson.folder, 'harmless.yaml')
    const harmless = readHarmless(file)
    const used = new Set<Harmless>()
    for (const mutant of source.solutions.flatMap(solution => mutantsOf(solution, source.definition))) {
      const listed = harmless.find(entry => isListed(mutant, entry))
      if (listed) used.add(listed)
      else if (!(await isCaught(source, mutant)))
        problems.push({
          place: placeOf(join(source.lesson.folder, mutant.place)),
          text: `keeps all points: ${mutant.change}`,
        })
    }
    for (const entry of harmless)
      if (!used.has(entry)) problems.push({ place: placeOf(file), text: `no such change any more: ${entry.change}` })
    return problems
  },
}

/** Whether an entry speaks of a mutant. */
export function isListed({ place, change }: Mutant, entry: Harmless): boolean {
  return `${place}: ${change}`.includes(entry.change)
}

/** Whether a mutant loses points. */
export async function isCaught(source: LessonSource, { transcript, files }: Mutant): Promise<boolean> {
  const verdicts = await gradeSession(source, transcript, { ...source.definition, files })
  return verdicts.some(({ state }) => state !== 'pass')
}

/** The changes that a lesson lists as harmless. */
export function readHarmless(file: string): readonly Harmless[] {
  if (!existsSync(file)) return []
  const entries = load(readFileSync(file, 'utf8'))
  const isEntry = (entry: Partial<Harmless> | null) => Boolean(entry?.change && entry.because)
  if (!Array.isArray(entries) || !entries.every(isEntry))
    throw new Error(`${file}: a list of entries with change and because`)
  return entries as Harmless[]
}
