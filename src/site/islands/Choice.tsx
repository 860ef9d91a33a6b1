import { useEffect, useId, useState } from 'react'
import type { Locale } from '../strings/strings.ts'
import { labOf } from '../terminal/labClient.ts'
import { useLab, useStrings } from './useLab.ts'
import './choice.css'

export interface ChoiceOption {
  readonly value: string
  readonly text: string
}

/**
 * A prediction before a command, or a question after it. The answer becomes part of the lab's log; a prediction stays
 * beside the outcome, a question can be answered again.
 */
export default function Choice({
  lesson,
  locale,
  id,
  kind,
  question,
  options,
  truth,
  because,
}: {
  lesson: string
  locale: Locale
  id: string
  kind: 'predict' | 'question'
  question: string
  options: readonly ChoiceOption[]
  /** Value of the right option. */
  truth: string
  /** Told after answering. */
  because: string
}) {
  const words = useStrings(locale)
  const { answers } = useLab(lesson)
  const name = useId()
  const said = answers?.answers[id]
  // Shown as chosen until the lab has taken the answer.
  const [chosen, setChosen] = useState<string>()
  // Every new state of the lab takes over.
  useEffect(() => setChosen(undefined), [answers])
  const isRight = said === truth
  const isLocked = said !== undefined && (kind === 'predict' || isRight)
  const textOf = (value: string) => options.find(option => option.value === value)?.text ?? value
  return (
    <fieldset className="choice-box" data-question={id} disabled={answers === undefined}>
      <legend>
        <span className="label">{kind === 'predict' ? words?.predict : words?.question}</span> {question}
      </legend>
      {options.map(option => (
        <label key={option.value}>
          <input
            type="radio"
            name={name}
            checked={(chosen ?? said) === option.value}
            disabled={isLocked && said !== option.value}
            onChange={() => {
              setChosen(option.value)
              labOf(lesson).send({ type: 'answer', question: id, value: option.value })
            }}
          />{' '}
          {option.text}
        </label>
      ))}
      {said !== undefined && words && (
        <p role="status">
          {kind === 'predict'
            ? `${words.predictSaid(textOf(said))} ${isRight ? words.predictRight : words.predictWrong(textOf(truth))}`
            : isRight
              ? words.questionRight
              : words.questionWrong}{' '}
          {(kind === 'predict' || isRight) && because}
        </p>
      )}
    </fieldset>
  )
}
