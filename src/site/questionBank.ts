import { course, type Lesson } from './course.ts'
import { type QuestionText, readQuestions } from './questionText.ts'
import type { Locale } from './strings/strings.ts'

/** A question of some lesson, asked elsewhere. */
export interface QuizQuestion extends QuestionText {
  /** `container/port-clash#why`: the lesson and the question in it. */
  readonly key: string
  readonly lesson: string
  readonly lessonTitle: string
  readonly path: string
}

/** Every question of the course in one language by its key; those that speak of what a seed chose stay in their lessons. */
export async function questionBank(locale: Locale): Promise<ReadonlyMap<string, QuizQuestion>> {
  const lessons = (await course(locale)).flatMap(chapter => chapter.lessons)
  return new Map(lessons.flatMap(questionsOf).map(question => [question.key, question]))
}

function questionsOf({ id: lesson, path, entry }: Lesson): QuizQuestion[] {
  return readQuestions(entry.body ?? '')
    .filter(question => !JSON.stringify(question).includes('{{'))
    .map(question => ({
      ...question,
      key: `${lesson}#${question.id}`,
      lesson,
      lessonTitle: entry.data.title,
      path,
    }))
}
