import { useEffect, useState } from 'react'
import type { QuizQuestion } from '../questionBank.ts'
import { dueQuestions } from '../review/schedule.ts'
import type { Locale } from '../strings/strings.ts'
import { readAllProgress, readReviews } from '../terminal/storage.ts'
import Again from './Again.tsx'
import { useStrings } from './useLab.ts'

/** So many questions make a sitting. */
const most = 8

/** The questions that are due today, of the lessons that were begun. */
export default function DueQuestions({ locale }: { locale: Locale }) {
  const words = useStrings(locale)
  const [due, setDue] = useState<readonly QuizQuestion[]>()
  useEffect(() => {
    void loadDue(locale).then(setDue)
  }, [locale])
  if (!due || !words) return <p role="status">…</p>
  if (due.length === 0) return <p role="status">{words.reviewNothing}</p>
  return (
    <>
      <p role="status">{words.reviewDue(due.length)}</p>
      <Again locale={locale} questions={due.slice(0, most)} />
      {due.length > most && <p>{words.reviewMore}</p>}
    </>
  )
}

async function loadDue(locale: Locale): Promise<QuizQuestion[]> {
  const [questions, progress, reviews] = await Promise.all([
    fetch(`/review/${locale}.json`).then(response => response.json() as Promise<QuizQuestion[]>),
    readAllProgress(),
    readReviews(),
  ])
  const begun = new Set(progress.filter(({ reached }) => reached > 0).map(({ lesson }) => lesson))
  return dueQuestions(questions, begun, reviews, Date.now())
}
