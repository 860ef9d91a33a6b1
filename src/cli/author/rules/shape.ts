import { readFileSync } from 'node:fs'
import type { LessonText } from '../lessonText.ts'
import { type Problem, placeOf } from '../problem.ts'
import type { Rule } from './rule.ts'

const modelSentences = 3

/** A lesson lets its learner predict, and ends with the model, other ways, and what production does. */
export const shape: Rule = {
  name: 'shape',
  summary: 'A lesson asks for a prediction, can be skipped by who knows it, and its debrief is whole.',
  inspect({ texts: { ko, en } }) {
    return [ko, en].flatMap(text => {
      const problems: Problem[] = []
      const say = (problem: string) => problems.push({ place: placeOf(text.file), text: problem })
      const names = text.parts.map(part => part.text)
      if (!names.some(name => name.startsWith('Predict'))) say('nothing is predicted')
      const questions = questionsOf(text)
      const ahead = listIn(text, 'ahead')
      if (ahead.length < 2 && text.settings['exam'] === undefined)
        say('ahead: at least two questions for somebody who knows the lesson')
      for (const id of ahead) if (!questions.includes(id)) say(`ahead: there is no question ${id} in this lesson`)
      const debrief = /<Debrief>([\s\S]*?)<\/Debrief>/.exec(readFileSync(text.file, 'utf8'))?.[1]
      if (debrief === undefined) say('there is no <Debrief>')
      else {
        const model = debrief.split(/<OtherWays>|<InProduction>/)[0]!.match(/^- /gm)?.length ?? 0
        if (model !== modelSentences) say(`the debrief states the model in ${modelSentences} points, not ${model}`)
        for (const part of ['OtherWays', 'InProduction'])
          if (!debrief.includes(`<${part}>`)) say(`the debrief lacks <${part}>`)
      }
      return problems
    })
  },
}

/** The ids of a lesson's questions and predictions. */
export function questionsOf({ parts }: LessonText): string[] {
  return parts.flatMap(({ text }, index) => {
    const id = /^(?:Predict|Question)$/.test(text) ? /^id="(.*)"$/.exec(parts[index + 1]?.text ?? '')?.[1] : undefined
    return id === undefined ? [] : [id]
  })
}

/** A list of a lesson's settings: `[one, two]`. */
export function listIn({ settings }: LessonText, name: string): string[] {
  return (settings[name] ?? '')
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map(entry => entry.trim())
    .filter(entry => entry !== '')
}
