import { existsSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { digestOf, readReports } from '../../src/cli/author/lessonReport.ts'
import { lessonFolders } from '../../src/cli/content.ts'

const lessons = lessonFolders()

test('every chapter is tested', () => {
  const chapters = readdirSync('content', { withFileTypes: true }).filter(entry => entry.isDirectory())
  expect(chapters.filter(({ name }) => !existsSync(`tests/lessons/${name}.test.ts`))).toEqual([])
})

test('the report that instructors read is of these lessons, and nothing in it is amiss', () => {
  const reports = readReports()
  expect([...reports.keys()]).toEqual(lessons.map(({ id }) => id))
  const stale = lessons.filter(lesson => reports.get(lesson.id)?.digest !== digestOf(lesson))
  expect(stale.map(({ id }) => id)).toEqual([])
  for (const { lesson, start, solutions, mistakes, mutants } of reports.values()) {
    expect({ lesson, start }).toEqual({ lesson, start: 0 })
    for (const { right, all } of [solutions, mistakes, mutants])
      expect({ lesson, right }).toEqual({ lesson, right: all })
  }
})
