import { useSyncExternalStore } from 'react'
import type { Exam } from '../exam/exam.ts'
import { examOf } from '../exam/examStore.ts'

/** The exam of a lesson; undefined until storage has answered. */
export function useExam(lesson: string): Exam | null | undefined {
  return useSyncExternalStore(
    listener => examOf(lesson).subscribe(listener),
    () => examOf(lesson).exam,
    () => undefined,
  )
}
