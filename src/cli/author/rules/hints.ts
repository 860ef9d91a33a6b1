import { join } from 'node:path'
import { type Problem, placeOf } from '../problem.ts'
import type { Rule } from './rule.ts'

/** Every check has hints in stages, and none gives a line of a solution away. */
export const hints: Rule = {
  name: 'hints',
  summary: 'Each check has a hint, and no hint holds a line of a solution.',
  inspect({ checks, solutions, lesson }) {
    const place = placeOf(join(lesson.folder, 'checks.ts'))
    const commands = solutions.flatMap(({ transcript }) =>
      transcript.steps.flatMap(step => ('run' in step ? step.run.split('\n') : [])),
    )
    const problems: Problem[] = []
    for (const { id, hints } of checks) {
      if (hints.length === 0) problems.push({ place, text: `check ${id} has no hint` })
      for (const words of hints)
        for (const text of [words.ko, words.en])
          if (commands.some(command => command.length > 3 && text.includes(command)))
            problems.push({ place, text: `a hint of ${id} holds a line of a solution: ${text}` })
    }
    return problems
  },
}
