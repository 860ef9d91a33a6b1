/** An exam that a learner began: it ends when it is handed in, or when its time is up. */
export interface Exam {
  readonly lesson: string
  /** Milliseconds since 1970. */
  readonly started: number
  readonly ended?: number
  /** Points when it ended. */
  readonly reached?: number
}

const minute = 60_000

/** Milliseconds that are left at a time; 0 when the time is up. */
export function timeLeft({ started }: Exam, minutes: number, now: number): number {
  return Math.max(0, started + minutes * minute - now)
}

/** Milliseconds as `39:05`. */
export function clockText(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** The exam ended with so many points: handed in, or at the very end of its time if that has passed. */
export function endedExam(exam: Exam, minutes: number, reached: number, now: number): Exam {
  return { ...exam, ended: Math.min(now, exam.started + minutes * minute), reached }
}
