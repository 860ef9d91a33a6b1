import { expect, test } from 'vitest'
import { alignTabs, descriptionStops, tableStops } from '../../../src/simulator/kubectl/output/tabWriter.ts'

test.each([
  ['a table', 'NAME\tAGE\nweb-frontend\t5s\n', tableStops, 'NAME           AGE\nweb-frontend   5s\n'],
  ['a short column is six wide', 'A\tB\nx\ty\n', tableStops, 'A     B\nx     y\n'],
  ['a description', 'Name:\tweb\nNamespace:\tdefault\n', descriptionStops, 'Name:       web\nNamespace:  default\n'],
  ['a line without tabs ends the columns', 'a\tb\nplain\nlonger\tc\n', descriptionStops, 'a  b\nplain\nlonger  c\n'],
  ['the last cell is as long as it likes', 'a\tb c d e\nf\tg\n', descriptionStops, 'a  b c d e\nf  g\n'],
  ['an empty cell keeps its column', 'a\t\tc\n\tb\td\n', descriptionStops, 'a     c\n   b  d\n'],
  ['letters, not bytes, are counted', 'né\tx\nab\ty\n', descriptionStops, 'né  x\nab  y\n'],
])('%s', (_, text, stops, aligned) => {
  expect(alignTabs(text, stops)).toBe(aligned)
})

test('columns keep the width they had in the lines before', () => {
  const widths: number[] = []
  alignTabs('NAME-THAT-IS-LONG\tX\n', tableStops, widths)
  expect(alignTabs('a\tb\n', tableStops, widths)).toBe('a                   b\n')
})
