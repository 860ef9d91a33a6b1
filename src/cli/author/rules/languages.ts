import { type Problem, placeOf } from '../problem.ts'
import type { Rule } from './rule.ts'

/** Both languages have the same steps, commands, questions, options and truths, in the same order. */
export const languages: Rule = {
  name: 'languages',
  summary: 'Korean and English are the same lesson: steps, ids, commands, options and truths agree.',
  inspect({ texts: { ko, en } }) {
    const problems: Problem[] = []
    const length = Math.max(ko.parts.length, en.parts.length)
    for (let i = 0; i < length; i++) {
      const [one, other] = [ko.parts[i], en.parts[i]]
      if (one?.text === other?.text) continue
      const [file, part] = one ? [ko.file, one] : [en.file, other!]
      problems.push({
        place: placeOf(file, part.line),
        text: `${one?.text ?? 'nothing'} here, ${other?.text ?? 'nothing'} in the other language`,
      })
      break
    }
    if (ko.settings['minutes'] !== en.settings['minutes'])
      problems.push({ place: placeOf(en.file), text: 'minutes differ between the languages' })
    return problems
  },
}
