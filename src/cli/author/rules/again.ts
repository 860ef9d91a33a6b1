import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { lessonFolders } from '../../content.ts'
import { readLessonText } from '../lessonText.ts'
import { placeOf } from '../problem.ts'
import type { Rule } from './rule.ts'
import { listIn, questionsOf } from './shape.ts'

const reopened = 2

/** A lesson asks again what earlier chapters asked; the first chapter has none before it, and an exam asks enough itself. */
export const again: Rule = {
  name: 'again',
  summary: 'Two questions of earlier chapters are asked again, and they are still there.',
  inspect({ lesson, texts }) {
    const lessons = lessonFolders()
    const chapterOf = (id: string) => id.split('/')[0]
    const isFirst = chapterOf(lesson.id) === chapterOf(lessons[0]!.id)
    const own = lessons.findIndex(({ id }) => id === lesson.id)
    return Object.values(texts).flatMap(text => {
      const place = placeOf(text.file)
      const asked = listIn(text, 'again')
      const wanted = isFirst || text.settings['exam'] !== undefined ? 0 : reopened
      if (asked.length !== wanted) return [{ place, text: `again: ${wanted} questions, not ${asked.length}` }]
      return asked.flatMap(key => {
        const [id = '', question = ''] = key.split('#')
        const index = lessons.findIndex(each => each.id === id)
        if (index < 0 || index >= own || chapterOf(id) === chapterOf(lesson.id))
          return [{ place, text: `again: ${id} is no lesson of an earlier chapter` }]
        const file = join(lessons[index]!.folder, 'en.mdx')
        const questions = questionsOf(readLessonText(file, readFileSync(file, 'utf8')))
        return questions.includes(question) ? [] : [{ place, text: `again: there is no question ${key}` }]
      })
    })
  },
}
