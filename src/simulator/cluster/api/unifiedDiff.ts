import { matchLines } from './lineMatch.ts'

/** Lines around a change that are shown with it. */
const context = 3

/** A stretch of both texts, the same in both or not. */
interface Stretch {
  readonly isEqual: boolean
  readonly left: readonly [start: number, end: number]
  readonly right: readonly [start: number, end: number]
}

/** The difference between two texts as `diff -u` writes it, without the names of files. */
export function unifiedDiff(left: readonly string[], right: readonly string[]): string {
  return groupsOf(stretchesOf(left, right))
    .map(group => hunk(group, left, right))
    .join('')
}

function stretchesOf(left: readonly string[], right: readonly string[]): Stretch[] {
  const stretches: Stretch[] = []
  let [a, b] = [0, 0]
  for (const match of [...matchLines(left, right), { left: left.length, right: right.length, length: 0 }]) {
    if (a < match.left || b < match.right)
      stretches.push({ isEqual: false, left: [a, match.left], right: [b, match.right] })
    a = match.left + match.length
    b = match.right + match.length
    if (match.length > 0) stretches.push({ isEqual: true, left: [match.left, a], right: [match.right, b] })
  }
  return stretches
}

/** Changes that are close to each other, with the lines around them. */
function groupsOf(stretches: readonly Stretch[]): Stretch[][] {
  const groups: Stretch[][] = []
  let group: Stretch[] = []
  for (const [index, stretch] of stretches.entries()) {
    if (!stretch.isEqual) {
      group.push(stretch)
      continue
    }
    const [first, last] = [index === 0, index === stretches.length - 1]
    const length = stretch.left[1] - stretch.left[0]
    if (!first && !last && length <= 2 * context) group.push(stretch)
    else {
      if (!first) groups.push([...group, cut(stretch, 0, Math.min(length, context))])
      group = last ? [] : [cut(stretch, Math.max(0, length - context), length)]
    }
  }
  if (group.some(({ isEqual }) => !isEqual)) groups.push(group)
  return groups.filter(each => each.some(({ isEqual }) => !isEqual))
}

function cut({ isEqual, left, right }: Stretch, from: number, to: number): Stretch {
  return { isEqual, left: [left[0] + from, left[0] + to], right: [right[0] + from, right[0] + to] }
}

function hunk(group: readonly Stretch[], left: readonly string[], right: readonly string[]): string {
  const [first, last] = [group[0]!, group.at(-1)!]
  const heading = `@@ -${range(first.left[0], last.left[1])} +${range(first.right[0], last.right[1])} @@\n`
  const lines = group.flatMap(stretch => {
    const [before, after] = [left.slice(...stretch.left), right.slice(...stretch.right)]
    if (stretch.isEqual) return before.map(line => ` ${line}\n`)
    return [...before.map(line => `-${line}\n`), ...after.map(line => `+${line}\n`)]
  })
  return heading + lines.join('')
}

/** `12,3` for three lines from the twelfth on. */
function range(start: number, end: number): string {
  const length = end - start
  if (length === 1) return String(start + 1)
  return `${length === 0 ? start : start + 1},${length}`
}
