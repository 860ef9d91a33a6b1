import type { Change } from './lineDiff.ts'

/** A text as diff sees it: its lines, and whether the last one ends with a newline. */
export interface DiffText {
  readonly lines: readonly string[]
  readonly isTerminated: boolean
}

/** Takes a text apart for diff. */
export function diffText(text: string): DiffText {
  const lines = text.split('\n')
  const isTerminated = text === '' || text.endsWith('\n')
  if (lines[lines.length - 1] === '') lines.pop()
  return { lines, isTerminated }
}

const noNewline = '\\ No newline at end of file\n'

/** The hunks of a unified diff, without the two lines that name the files. */
export function unifiedHunks(before: DiffText, after: DiffText, changes: readonly Change[], context = 3): string {
  return groupChanges(changes, context)
    .map(group => unifiedHunk(before, after, group, context))
    .join('')
}

/** Changes so close that their contexts touch belong together. */
export function groupChanges(changes: readonly Change[], context: number): Change[][] {
  const groups: Change[][] = []
  for (const change of changes) {
    const last = groups[groups.length - 1]?.at(-1)
    if (last && change.from - last.fromEnd <= 2 * context) groups[groups.length - 1]!.push(change)
    else groups.push([change])
  }
  return groups
}

/** The lines of a group with its context: first line and end on both sides. */
export function groupRange(group: readonly Change[], context: number, lengths: readonly [number, number]) {
  const [first, last] = [group[0]!, group[group.length - 1]!]
  const lead = Math.min(context, first.from, first.to)
  const [lengthBefore, lengthAfter] = lengths
  const trail = Math.min(context, lengthBefore - last.fromEnd, lengthAfter - last.toEnd)
  return { from: first.from - lead, fromEnd: last.fromEnd + trail, to: first.to - lead, toEnd: last.toEnd + trail }
}

function unifiedHunk(before: DiffText, after: DiffText, group: readonly Change[], context: number): string {
  const range = groupRange(group, context, [before.lines.length, after.lines.length])
  let text = `@@ -${span(range.from, range.fromEnd)} +${span(range.to, range.toEnd)} @@\n`
  let at = range.from
  for (const change of group) {
    for (; at < change.from; at++) text += markedLine(' ', before, at)
    for (let line = change.from; line < change.fromEnd; line++) text += markedLine('-', before, line)
    for (let line = change.to; line < change.toEnd; line++) text += markedLine('+', after, line)
    at = change.fromEnd
  }
  for (; at < range.fromEnd; at++) text += markedLine(' ', before, at)
  return text
}

/** A line behind its mark; the last one may say that it has no newline. */
export function markedLine(mark: string, { lines, isTerminated }: DiffText, line: number): string {
  return `${mark}${lines[line]}\n${line === lines.length - 1 && !isTerminated ? noNewline : ''}`
}

function span(start: number, end: number): string {
  const count = end - start
  if (count === 0) return `${start},0`
  return count === 1 ? String(start + 1) : `${start + 1},${count}`
}
