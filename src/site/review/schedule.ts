/** When a question comes back, by how often it was answered rightly in a row. */
export interface Review {
  /** `container/port-clash#why` */
  readonly question: string
  /** How many times in a row the answer was right. */
  readonly streak: number
  /** Milliseconds since 1970. */
  readonly due: number
}

const day = 86_400_000
/** Days until a question comes back: each right answer takes it further away (Leitner's boxes). */
const pauses = [1, 3, 7, 16, 35]

/** What an answer does to a question's schedule: a wrong one brings it back the next day. */
export function afterAnswer(question: string, before: Review | undefined, isRight: boolean, now: number): Review {
  const streak = isRight ? (before?.streak ?? 0) + 1 : 0
  const pause = pauses[Math.min(streak, pauses.length) - 1] ?? pauses[0]!
  return { question, streak, due: now + pause * day }
}

/**
 * The questions to ask now, those that wait longest first: of lessons that were begun, what was never asked again or has
 * come due.
 */
export function dueQuestions<Question extends { readonly key: string; readonly lesson: string }>(
  questions: Iterable<Question>,
  begun: ReadonlySet<string>,
  reviews: ReadonlyMap<string, Review>,
  now: number,
): Question[] {
  const since = (question: Question) => reviews.get(question.key)?.due ?? 0
  return [...questions]
    .filter(question => begun.has(question.lesson) && since(question) <= now)
    .sort((one, other) => since(one) - since(other))
}
