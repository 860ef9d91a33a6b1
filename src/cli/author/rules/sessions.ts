import { join } from 'node:path'
import { authorSeed, gradeSession, verdictText } from '../grading.ts'
import { type Problem, placeOf } from '../problem.ts'
import type { Rule } from './rule.ts'

const leastSolutions = 2
const leastMistakes = 4
/** Where the seed chooses values, solutions are tried with several. */
const seeds = [authorSeed, 8, 9, 10, 11]
const briefSeeds = seeds.slice(0, 2)

/** The start gives nothing, every solution everything, and every mistake fails the check that it names. */
export const sessions: Rule = {
  name: 'sessions',
  summary:
    'The start scores 0, each of two solutions or more scores full, each of four mistakes or more fails its check.',
  plays: true,
  async inspect(source, isBrief = false) {
    const { lesson, solutions, mistakes } = source
    const problems: Problem[] = []
    if (solutions.length < leastSolutions)
      problems.push({
        place: placeOf(join(lesson.folder, 'solutions')),
        text: `fewer than ${leastSolutions} solutions`,
      })
    if (mistakes.length < leastMistakes)
      problems.push({ place: placeOf(join(lesson.folder, 'mistakes')), text: `fewer than ${leastMistakes} mistakes` })
    for (const verdict of await gradeSession(source, undefined))
      if (verdict.state === 'pass' || verdict.state === 'error')
        problems.push({
          place: placeOf(join(lesson.folder, 'checks.ts')),
          text: `at the start, ${verdictText(verdict)}`,
        })
    for (const { file, transcript } of solutions)
      for (const seed of source.definition.parameters ? (isBrief ? briefSeeds : seeds) : [authorSeed])
        for (const verdict of await gradeSession(source, transcript, source.definition, seed))
          if (verdict.state !== 'pass')
            problems.push({ place: placeOf(file), text: `with seed ${seed}, ${verdictText(verdict)}` })
    for (const { file, transcript } of mistakes) {
      const named = /^fails (\S+)$/m.exec(transcript.comments.join('\n'))?.[1]
      if (named === undefined) {
        problems.push({ place: placeOf(file, 1), text: 'a mistake begins with `# fails CHECK`' })
        continue
      }
      const verdicts = await gradeSession(source, transcript)
      for (const verdict of verdicts.filter(({ state }) => state === 'error'))
        problems.push({ place: placeOf(file), text: verdictText(verdict) })
      const verdict = verdicts.find(({ id }) => id === named)
      if (verdict?.state !== 'fail')
        problems.push({
          place: placeOf(file),
          text: verdict ? `expected to fail: ${verdictText(verdict)}` : `no check ${named}`,
        })
    }
    return problems
  },
}
