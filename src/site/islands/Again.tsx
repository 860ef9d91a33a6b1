import type { QuizQuestion } from '../questionBank.ts'
import { afterAnswer } from '../review/schedule.ts'
import type { Locale } from '../strings/strings.ts'
import { readReviews, writeReview } from '../terminal/storage.ts'
import QuizCard from './QuizCard.tsx'
import { useStrings } from './useLab.ts'

/** Questions of earlier lessons, asked again, folded until somebody wants to answer; each answer says when they come back. */
export default function Again({ locale, questions }: { locale: Locale; questions: readonly QuizQuestion[] }) {
  const words = useStrings(locale)
  return questions.map(question => (
    <details key={question.key} className="again">
      <summary>
        <span className="label">{question.lessonTitle}</span> {question.question}
      </summary>
      <QuizCard
        question={question}
        label={question.lessonTitle}
        words={words}
        onAnswer={isRight => void keep(question.key, isRight)}
        isTitled
      >
        <p>
          <a href={question.path}>{words?.againLesson}</a>
        </p>
      </QuizCard>
    </details>
  ))
}

async function keep(key: string, isRight: boolean): Promise<void> {
  const reviews = await readReviews()
  await writeReview(afterAnswer(key, reviews.get(key), isRight, Date.now()))
}
