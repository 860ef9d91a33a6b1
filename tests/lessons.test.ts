import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { runChecks, type Verdict } from '#simulator/grading/check.ts'
import { Lab } from '#simulator/lab.ts'
import { lessonFolders, readChecks, readLesson } from '../src/cli/content.ts'
import { play } from '../src/cli/play.ts'
import { parseTranscript } from '../src/cli/transcript.ts'

const lessons = lessonFolders()

describe.each(lessons)('lesson $id', lesson => {
  const sessions = (kind: string) => readdirSync(`${lesson.folder}/${kind}`).filter(name => name.endsWith('.txt'))
  const read = (path: string) => readFileSync(`${lesson.folder}/${path}`, 'utf8')

  async function grade(path: string | undefined): Promise<Verdict[]> {
    const lab = await Lab.boot(readLesson(lesson), 7)
    if (path) await play(parseTranscript(read(path)), lab)
    return runChecks(await readChecks(lesson), lab.world())
  }

  test('gives no points at the start', async () => {
    const verdicts = await grade(undefined)
    expect(verdicts.filter(verdict => verdict.state === 'pass' || verdict.state === 'error')).toEqual([])
  })

  test('has two solutions at least', () => expect(sessions('solutions').length).toBeGreaterThanOrEqual(2))

  test.each(sessions('solutions'))('solution %s reaches every point', async name => {
    const verdicts = await grade(`solutions/${name}`)
    expect(verdicts.filter(verdict => verdict.state !== 'pass')).toEqual([])
  })

  test.each(sessions('mistakes'))('mistake %s fails the check that it names', async name => {
    const path = `mistakes/${name}`
    const check = /^# fails (\S+)$/m.exec(read(path))?.[1]
    expect(check, 'a mistake begins with `# fails CHECK`').toBeDefined()
    const verdicts = await grade(path)
    expect(verdicts.filter(verdict => verdict.state === 'error')).toEqual([])
    expect(verdicts.find(verdict => verdict.id === check)).toMatchObject({ state: 'fail', points: 0 })
  })

  test('is the same lesson in Korean and in English', () => {
    expect(skeleton(read('ko.mdx'))).toEqual(skeleton(read('en.mdx')))
  })

  test.each(['ko.mdx', 'en.mdx'])('%s has no stars that Markdown left as they were', name => {
    expect(read(name).replace(/`[^`]*`/g, '')).not.toMatch(/\*\*/)
  })

  test('gives no line of a solution away in its hints', async () => {
    const commands = sessions('solutions').flatMap(name =>
      parseTranscript(read(`solutions/${name}`)).steps.flatMap(step => ('run' in step ? [step.run] : [])),
    )
    for (const check of await readChecks(lesson))
      for (const hint of check.hints)
        for (const command of commands) {
          expect(hint.ko).not.toContain(command)
          expect(hint.en).not.toContain(command)
        }
  })
})

/** What both languages must share: steps, commands, questions with their options and answers, in order. */
function skeleton(mdx: string): string[] {
  return [
    ...mdx.matchAll(
      /<Step id="[^"]*"|<Command [^>]*?\/>|<(?:Predict|Question)\b|\bid="[^"]*"|value: '[^']*'|truth="[^"]*"|<Debrief>/g,
    ),
  ].map(([part]) => part)
}
