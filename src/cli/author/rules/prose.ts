import type { LessonText, Sentence } from '../lessonText.ts'
import { type Problem, placeOf } from '../problem.ts'
import type { Rule } from './rule.ts'

/** Longest sentences: words of English, syllables and letters of Korean without code. */
const longest = { en: 34, ko: 90 }
/** What a reader takes in: words a minute, Korean characters a minute; seconds for a command or a question. */
const pace = { en: 180, ko: 420 }
const secondsOf = { command: 25, question: 35 }

/** Sentences are short, stars are not left standing, and the minutes that a lesson promises are about right. */
export const prose: Rule = {
  name: 'prose',
  summary: 'Sentences are short, Markdown leaves no stars, and the promised minutes are about right.',
  inspect({ texts }) {
    return (['ko', 'en'] as const).flatMap(language => {
      const text = texts[language]
      const problems: Problem[] = []
      for (const sentence of text.sentences) {
        const length = lengthOf(sentence, language)
        if (length > longest[language])
          problems.push({
            place: placeOf(text.file, sentence.line),
            text: `a long sentence (${length}): ${sentence.text}`,
          })
        if (sentence.text.replace(/`[^`]*`/g, '').includes('**'))
          problems.push({ place: placeOf(text.file, sentence.line), text: 'Markdown leaves these stars as they are' })
      }
      const minutes = readingMinutes(text, language)
      const promised = Number(text.settings['minutes'])
      if (promised < minutes * 0.6 || promised > minutes * 2.5)
        problems.push({
          place: placeOf(text.file),
          text: `promises ${promised} minutes; reading and typing take about ${minutes.toFixed(0)}`,
        })
      return problems
    })
  },
}

/** About how long it takes to read a lesson and to run what it says. */
export function readingMinutes({ sentences, parts }: LessonText, language: 'ko' | 'en'): number {
  const read = sentences.reduce((sum, sentence) => sum + lengthOf(sentence, language), 0) / pace[language]
  const commands = parts.filter(({ text }) => text.startsWith('Command')).length
  const questions = parts.filter(({ text }) => /^(?:Predict|Question)/.test(text)).length
  return read + (commands * secondsOf.command + questions * secondsOf.question) / 60
}

/** Words of English, characters of Korean; code counts as one word. */
export function lengthOf({ text }: Sentence, language: 'ko' | 'en'): number {
  const plain = text.replace(/`[^`]*`/g, language === 'en' ? 'code' : '코드')
  return language === 'en' ? plain.split(/\s+/).length : plain.replace(/\s/g, '').length
}
