import { useState } from 'react'
import type { QuestionText } from '../questionText.ts'
import type { Locale } from '../strings/strings.ts'
import { writeKnown } from '../terminal/storage.ts'
import QuizCard from './QuizCard.tsx'
import { useStrings } from './useLab.ts'

/** A short test for somebody who knows the lesson already: all right, and the lesson counts as known. */
export default function JumpAhead({
  lesson,
  locale,
  title,
  questions,
  next,
}: {
  lesson: string
  locale: Locale
  /** Stands there before the page's script does. */
  title: string
  questions: readonly QuestionText[]
  /** The lesson after this one. */
  next: { readonly title: string; readonly path: string } | undefined
}) {
  const words = useStrings(locale)
  const [answers, setAnswers] = useState<Readonly<Record<string, boolean>>>({})
  const isDone = questions.every(({ id }) => id in answers)
  const isKnown = isDone && questions.every(({ id }) => answers[id])
  const take = (id: string, isRight: boolean) => {
    const taken = { ...answers, [id]: isRight }
    setAnswers(taken)
    if (questions.every(question => taken[question.id])) void writeKnown(lesson)
  }
  return (
    <details className="ahead">
      <summary>{title}</summary>
      {questions.map((question, index) => (
        <QuizCard
          key={question.id}
          question={question}
          label={`${index + 1}/${questions.length}`}
          words={words}
          onAnswer={isRight => take(question.id, isRight)}
        />
      ))}
      {isDone && words && (
        <p role="status">
          {isKnown ? words.aheadKnown : words.aheadUnknown}{' '}
          {isKnown && next && (
            <a href={next.path}>
              {words.next}: {next.title}
            </a>
          )}
        </p>
      )}
    </details>
  )
}
