import { expect, test } from 'vitest'
import type { LessonSource } from '../../../src/cli/author/lessonSource.ts'
import { readLessonText } from '../../../src/cli/author/lessonText.ts'
import { hints } from '../../../src/cli/author/rules/hints.ts'
import { korean } from '../../../src/cli/author/rules/korean.ts'
import { languages } from '../../../src/cli/author/rules/languages.ts'
import { links } from '../../../src/cli/author/rules/links.ts'
import { prose } from '../../../src/cli/author/rules/prose.ts'
import type { Rule } from '../../../src/cli/author/rules/rule.ts'
import { parseTranscript } from '../../../src/cli/transcript.ts'
import { referenceCluster } from '../../../src/simulator/cluster/definition.ts'
import { pass } from '../../../src/simulator/grading/check.ts'

const head = (minutes: number) => `---\ntitle: T\ngoal: G\nminutes: ${minutes}\n---\n\n`
const step = (text: string) =>
  `<Step id="one" title="하나예요">\n\n${text}\n\n<Command line="kubectl get pods" />\n\n</Step>\n`

function source(ko: string, en = ko, changes: Partial<LessonSource> = {}): LessonSource {
  return {
    lesson: { id: 'service/one', folder: 'content/03-service/01-one' },
    definition: { cluster: referenceCluster, files: {} },
    checks: [],
    texts: { ko: readLessonText('ko.mdx', head(1) + ko), en: readLessonText('en.mdx', head(1) + en) },
    solutions: [],
    mistakes: [],
    lessons: ['service/one'],
    ...changes,
  }
}

const found = async (rule: Rule, lesson: LessonSource) =>
  (await rule.inspect(lesson)).map(({ place, text }) => `${place}: ${text}`)

test('a command that only one language has is a problem, at its line', async () => {
  const more = step('Text.').replace('pods', 'svc')
  expect(await found(languages, source(step('글이에요.'), more))).toEqual([
    'ko.mdx:11: Command line="kubectl get pods" here, Command line="kubectl get svc" in the other language',
  ])
  expect(await found(languages, source(step('글이에요.'), step('Text.')))).toEqual([])
})

test.each([
  ['파드가 시작됩니다.', 'not 해요체'],
  ['라벨을 붙여요.', '라벨: say 레이블'],
  ['서비스에 의해 골라져요.', 'reads like a translation'],
  ['주소를 가지고 있어요.', 'reads like a translation'],
])('the Korean of %s is a problem', async (text, problem) => {
  expect((await found(korean, source(step(text)))).join('\n')).toContain(problem)
})

test('Korean in 해요체 with the official terms is none', async () => {
  expect(await found(korean, source(step('레이블로 파드를 골라요. 답이 왔죠? `NAME` 칸을 보세요.')))).toEqual([])
})

test('long sentences, stars and a wrong promise of time are problems', async () => {
  const long = `${'word '.repeat(40)}end.`
  const problems = await found(prose, source(step('글이에요.'), step(`${long} And **this**stays.`)))
  expect(problems.join('\n')).toContain('en.mdx:9: a long sentence (41)')
  expect(problems.join('\n')).toContain('en.mdx:9: Markdown leaves these stars')
  const lesson = source(step('글이에요.'))
  const slow = { ...lesson.texts.ko, settings: { minutes: '20' } }
  expect(await found(prose, { ...lesson, texts: { ko: slow, en: lesson.texts.en } })).toEqual([
    'ko.mdx: promises 20 minutes; reading and typing take about 0',
  ])
})

test('a link has to lead to a lesson, a page or a step', async () => {
  const text = step('[a](/ko/service/one/) [b](/ko/glossary/) [c](#one) [d](/ko/service/two/) [e](#two)')
  expect(await found(links, source(text, 'Text.'))).toEqual([
    'ko.mdx:9: the link /ko/service/two/ leads nowhere',
    'ko.mdx:9: the link #two leads nowhere',
  ])
})

test('a hint that holds a line of a solution is a problem, and so is a check without one', async () => {
  const words = (ko: string, en = ko) => ({ ko, en })
  const check = (id: string, ...hints: string[]) => ({
    id,
    points: 1,
    title: words(id),
    hints: hints.map(hint => words(hint)),
    probe: () => pass(),
  })
  const solution = {
    name: 'solutions/a.txt',
    file: 'a.txt',
    transcript: parseTranscript('$ kubectl apply -f web.yaml\n'),
  }
  const checks = [check('bare'), check('told', 'try kubectl apply -f web.yaml'), check('fine', 'apply the file')]
  const lesson = source(step('글이에요.'), step('Text.'), { checks, solutions: [solution] })
  const problems = await found(hints, lesson)
  expect(problems[0]).toContain('check bare has no hint')
  expect(problems.slice(1).every(problem => problem.includes('a hint of told'))).toBe(true)
  expect(problems).toHaveLength(3)
})
