import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readLessonText } from '../../src/cli/author/lessonText.ts'
import { listIn, questionsOf } from '../../src/cli/author/rules/shape.ts'
import { lessonFolders } from '../../src/cli/content.ts'
import { readQuestions } from '../../src/site/questionText.ts'

test('a question is read with its options and its reason', () => {
  const text = `
Some \`code > here\`.

<Predict
  id="what"
  question="Which > that?"
  options={[
    { value: 'one', text: 'the pod\\'s own' },
    { value: 'two', text: 'a "second" one' },
  ]}
  truth="two"
  because="It's so."
/>
`
  expect(readQuestions(text)).toEqual([
    {
      id: 'what',
      question: 'Which > that?',
      options: [
        { value: 'one', text: "the pod's own" },
        { value: 'two', text: 'a "second" one' },
      ],
      truth: 'two',
      because: "It's so.",
    },
  ])
})

test.each(lessonFolders())('every question of $id is whole', ({ folder }) => {
  for (const language of ['ko', 'en']) {
    const source = readFileSync(`${folder}/${language}.mdx`, 'utf8')
    const questions = readQuestions(source)
    const text = readLessonText(`${language}.mdx`, source)
    expect(questions.map(({ id }) => id)).toEqual(questionsOf(text))
    for (const { question, options, truth, because } of questions) {
      expect(question && because).not.toBe('')
      expect(options.map(({ value }) => value)).toContain(truth)
    }
    const values = source.match(/\bvalue: '/g)?.length ?? 0
    expect(questions.reduce((sum, { options }) => sum + options.length, 0)).toBe(values)
    expect(questions.map(({ id }) => id)).toEqual(expect.arrayContaining(listIn(text, 'ahead')))
  }
})
