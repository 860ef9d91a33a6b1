import { useEffect, useState } from 'react'
import { clockText, endedExam, timeLeft } from '../exam/exam.ts'
import { examOf } from '../exam/examStore.ts'
import type { Locale } from '../strings/strings.ts'
import { labOf } from '../terminal/labClient.ts'
import { useExam } from './useExam.ts'
import { useLab, useStrings } from './useLab.ts'
import './examClock.css'

/** Begins an exam in a fresh lab, shows the time that is left, and takes the work in. */
export default function ExamClock({
  lesson,
  locale,
  minutes,
  all,
}: {
  lesson: string
  locale: Locale
  minutes: number
  /** Points that can be reached. */
  all: number
}) {
  const words = useStrings(locale)
  const exam = useExam(lesson)
  const { checks } = useLab(lesson)
  const [now, setNow] = useState(() => Date.now())
  const reached = checks?.verdicts.reduce((sum, { points }) => sum + points, 0) ?? 0
  const isRunning = exam !== undefined && exam !== null && exam.ended === undefined
  const left = isRunning ? timeLeft(exam, minutes, now) : 0
  useEffect(() => {
    if (!isRunning) return
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [isRunning])
  useEffect(() => {
    // A page that is opened after the time waits for the lab to be checked.
    if (isRunning && left === 0 && checks) examOf(lesson).set(endedExam(exam, minutes, reached, Date.now()))
  })
  if (!words || exam === undefined) return <section className="exam" aria-busy="true" />
  const begin = () => {
    if (!confirm(words.examConfirm(minutes))) return
    labOf(lesson).send({ type: 'reset' })
    setNow(Date.now())
    examOf(lesson).set({ lesson, started: Date.now() })
  }
  return (
    <section className="exam" aria-label={words.exam}>
      {exam === null && <p>{words.examBefore(minutes, all)}</p>}
      {isRunning && (
        <p>
          {words.examLeft} <span role="timer">{clockText(left)}</span>
        </p>
      )}
      {exam?.ended !== undefined && (
        <p role="status">{words.examEnded(exam.reached ?? 0, all, clockText(exam.ended - exam.started))}</p>
      )}
      {isRunning ? (
        <button
          type="button"
          className="control"
          onClick={() => {
            if (confirm(words.examHandInConfirm)) examOf(lesson).set(endedExam(exam, minutes, reached, Date.now()))
          }}
        >
          {words.examHandIn}
        </button>
      ) : (
        <button type="button" className="control" onClick={begin}>
          {exam === null ? words.examBegin : words.examAgain}
        </button>
      )}
    </section>
  )
}
