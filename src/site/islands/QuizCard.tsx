import { type ReactNode, useId, useState } from 'react'
import type { QuestionText } from '../questionText.ts'
import type { Strings } from '../strings/en.ts'
import './choice.css'

/** A question outside of its lesson: the first answer counts, and the reason is told at once. */
export default function QuizCard({
  question: { question, options, truth, because },
  label,
  words,
  onAnswer,
  isTitled = false,
  children,
}: {
  question: QuestionText
  label: ReactNode
  words: Strings | undefined
  onAnswer: (isRight: boolean) => void
  /** The question stands above already. */
  isTitled?: boolean
  /** Stands below the reason. */
  children?: ReactNode
}) {
  const name = useId()
  const [said, setSaid] = useState<string>()
  const right = options.find(({ value }) => value === truth)?.text ?? truth
  return (
    <fieldset className="choice-box">
      <legend className={isTitled ? 'visually-hidden' : undefined}>
        <span className="label">{label}</span> {question}
      </legend>
      {options.map(({ value, text }) => (
        <label key={value}>
          <input
            type="radio"
            name={name}
            checked={said === value}
            disabled={said !== undefined && said !== value}
            onChange={() => {
              setSaid(value)
              onAnswer(value === truth)
            }}
          />{' '}
          {text}
        </label>
      ))}
      {said !== undefined && words && (
        <p role="status">
          {said === truth ? words.questionRight : words.quizWrong(right)} {because}
        </p>
      )}
      {said !== undefined && children}
    </fieldset>
  )
}
