import { readFileSync } from 'node:fs'
import { load } from 'js-yaml'
import { expect, test } from 'vitest'
import { lessonFolders } from '../../src/cli/content.ts'
import { linesOf, sheetOf } from '../../src/site/commandSheet.ts'

test('commands are taken from the steps of a lesson', () => {
  const source =
    '<Step id="one" title="x">\n<Command line="kubectl get pods" />\n<Command line="dig {{name}}" />\n</Step>'
  expect(linesOf('T', '/en/a/', source)).toEqual([{ line: 'kubectl get pods', lessonTitle: 'T', path: '/en/a/#one' }])
})

test('a line belongs to the first entry that it matches, the shortest stand as examples', () => {
  // The last letter names the lesson.
  const used = (line: string) => ({ line, lessonTitle: line.at(-1)!, path: '/' })
  const sheet = sheetOf(
    [
      { find: 'get .*wide', text: 'wide' },
      { find: 'get', text: 'all' },
    ],
    ['get pods -o wide', 'get pods', 'get', 'get nodes', 'get services', 'get pods'].map(used),
  )
  expect(sheet.map(({ examples }) => examples.map(({ line }) => line))).toEqual([
    ['get pods -o wide'],
    ['get', 'get pods'],
  ])
})

test('every entry of the sheet is used by a lesson', () => {
  const groups = load(readFileSync('content/commands.yaml', 'utf8')) as { commands: { find: string; en: string }[] }[]
  const entries = groups.flatMap(({ commands }) => commands.map(({ find, en }) => ({ find, text: en })))
  const lines = lessonFolders().flatMap(({ id, folder }) => linesOf(id, '/', readFileSync(`${folder}/en.mdx`, 'utf8')))
  const unused = sheetOf(entries, lines).filter(({ examples }) => examples.length === 0)
  expect(unused.map(({ text }) => text)).toEqual([])
})
