import { describe, expect, test } from 'vitest'
import { readLessonSource } from '../../src/cli/author/lessonSource.ts'
import { mutantsOf } from '../../src/cli/author/mutants.ts'
import { isCaught, isListed, readHarmless } from '../../src/cli/author/rules/mutants.ts'
import { rules } from '../../src/cli/author/rules/registry.ts'
import { lessonFolders } from '../../src/cli/content.ts'

/** Of the changes of each lesson's solutions so many are tried here; the author's report tries all. */
const share = 3

/** Holds the lessons of a chapter to every rule. A chapter has a file of its own, so that chapters run beside each other. */
export function testChapter(chapter: string): void {
  const lessons = lessonFolders()
  const ids = lessons.map(({ id }) => id)
  // Every session boots a lab of its own.
  describe.each(lessons.filter(({ folder }) => folder.split(/[\\/]/)[1] === chapter))(
    'lesson $id',
    { timeout: 300_000 },
    lesson => {
      test.each(rules.filter(({ name }) => name !== 'mutants'))('$summary', async rule => {
        expect(await rule.inspect(await readLessonSource(lesson, ids), true)).toEqual([])
      })

      test('A share of the changes of its solutions costs points.', async () => {
        const source = await readLessonSource(lesson, ids)
        const harmless = readHarmless(`${lesson.folder}/harmless.yaml`)
        const all = source.solutions
          .flatMap(solution => mutantsOf(solution, source.definition))
          .filter(mutant => !harmless.some(entry => isListed(mutant, entry)))
        const tried = all.filter((_, index) => index % Math.ceil(all.length / share) === 0)
        const kept: string[] = []
        for (const mutant of tried)
          if (!(await isCaught(source, mutant))) kept.push(`${mutant.place}: ${mutant.change}`)
        expect(tried.length).toBeGreaterThan(0)
        expect(kept).toEqual([])
      })
    },
  )
}
