import type { ChoiceOption } from './islands/Choice.tsx'

/** A prediction or a question as it stands in a lesson's text. */
export interface QuestionText {
  readonly id: string
  readonly question: string
  readonly options: readonly ChoiceOption[]
  /** Value of the right option. */
  readonly truth: string
  /** Told after answering. */
  readonly because: string
}

const tags = /<(?:Predict|Question)\b((?:"[^"]*"|'(?:[^'\\]|\\.)*'|[^"'>])*?)\/>/g
const option = /value: '([^']*)',\s*text: (?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g

/** The predictions and questions of a lesson's MDX, in order. */
export function readQuestions(source: string): QuestionText[] {
  return [...source.matchAll(tags)].map(([, inside = '']) => {
    const attribute = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(inside)?.[1] ?? ''
    return {
      id: attribute('id'),
      question: attribute('question'),
      options: [...inside.matchAll(option)].map(([, value = '', single, double]) => ({
        value,
        text: (single ?? double ?? '').replace(/\\(.)/g, '$1'),
      })),
      truth: attribute('truth'),
      because: attribute('because'),
    }
  })
}
