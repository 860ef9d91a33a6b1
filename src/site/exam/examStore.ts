import { readExam, writeExam } from '../terminal/storage.ts'
import type { Exam } from './exam.ts'

/** The exam of one page, for the clock and the checklist alike. */
class ExamStore {
  #exam: Exam | null | undefined
  readonly #listeners = new Set<() => void>()

  constructor(lesson: string) {
    void readExam(lesson).then(exam => {
      this.#exam = exam ?? null
      this.#tell()
    })
  }

  /** Null when none was begun, undefined until storage has answered. */
  get exam(): Exam | null | undefined {
    return this.#exam
  }

  set(exam: Exam): void {
    this.#exam = exam
    void writeExam(exam)
    this.#tell()
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}

export type { ExamStore }

const stores = new Map<string, ExamStore>()

/** The exam of a lesson on this page. */
export function examOf(lesson: string): ExamStore {
  let store = stores.get(lesson)
  if (!store) {
    store = new ExamStore(lesson)
    stores.set(lesson, store)
  }
  return store
}
