import { useState } from 'react'
import type { Check, Verdict, Words } from '#simulator/grading/check.ts'
import type { Strings } from '../strings/en.ts'
import type { Locale } from '../strings/strings.ts'
import { useExam } from './useExam.ts'
import { useLab, useStrings } from './useLab.ts'
import './checklist.css'

/** The part of a check that the page shows. */
export type CheckCard = Pick<Check, 'id' | 'title' | 'points' | 'hints'>

/** What counts as done, in the grader's own words; updates by itself. */
export default function Checklist({
  lesson,
  locale,
  cards,
  isExam = false,
}: {
  lesson: string
  locale: Locale
  cards: readonly CheckCard[]
  /** Verdicts and hints are sealed until the exam has ended. */
  isExam?: boolean
}) {
  const words = useStrings(locale)
  const latest = useLab(lesson)
  const exam = useExam(lesson)
  const isSealed = isExam && exam?.ended === undefined
  const checks = isSealed ? undefined : latest.checks
  const verdicts = new Map(checks?.verdicts.map(verdict => [verdict.id, verdict]))
  const all = cards.reduce((sum, card) => sum + card.points, 0)
  const reached = [...verdicts.values()].reduce((sum, verdict) => sum + verdict.points, 0)
  return (
    <section className="checklist" aria-busy={!isSealed && (checks?.isChecking ?? true)}>
      <ul>
        {cards.map(card => (
          <Item key={card.id} card={card} verdict={verdicts.get(card.id)} locale={locale} words={words} />
        ))}
      </ul>
      {words && isSealed && <p>{words.examSealed}</p>}
      {words && !isSealed && (
        <p role="status" className="score">
          {words.points(reached, all)}
          {reached === all && all > 0 ? ` ${words.checksDone}` : ''}
        </p>
      )}
    </section>
  )
}

const signs = { pass: '✓', fail: '✗', skipped: '·', error: '!' }

function Item({
  card,
  verdict,
  locale,
  words,
}: {
  card: CheckCard
  verdict: Verdict | undefined
  locale: Locale
  words: Strings | undefined
}) {
  const state = verdict?.state
  return (
    <li data-check={card.id} data-state={state ?? 'waiting'}>
      <span className="sign" aria-hidden="true">
        {state ? signs[state] : '·'}
      </span>
      <div>
        {card.title[locale]}{' '}
        <span className="visually-hidden">{state ? words?.checksState[state] : words?.checksWaiting}</span>
        {verdict?.reason && <p className="reason">{verdict.reason[locale]}</p>}
        {verdict?.evidence && state !== 'pass' && words && (
          <p className="evidence">
            <span>{words.checksObserved}</span> <code>{verdict.evidence}</code>
          </p>
        )}
        {state === 'fail' && words && <Hints hints={card.hints} locale={locale} words={words} />}
      </div>
    </li>
  )
}

/** Hints come one by one: where to look, what to compare, what kind of change. */
function Hints({ hints, locale, words }: { hints: readonly Words[]; locale: Locale; words: Strings }) {
  const [shown, setShown] = useState(0)
  if (hints.length === 0) return null
  return (
    <div className="hints">
      {hints.slice(0, shown).map((hint, index) => (
        <p key={hint.en}>
          <span className="label">{words.hint(index + 1, hints.length)}</span> {hint[locale]}
        </p>
      ))}
      {shown < hints.length && (
        <button type="button" onClick={() => setShown(shown + 1)}>
          {shown === 0 ? words.showHint : words.showNextHint}
        </button>
      )}
    </div>
  )
}
