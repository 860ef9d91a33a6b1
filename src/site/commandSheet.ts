/** A line that a lesson gives its learner to type. */
export interface UsedLine {
  readonly line: string
  readonly lessonTitle: string
  /** The step where it stands. */
  readonly path: string
}

/** What a kind of command is for, with lines of lessons. */
export interface SheetEntry {
  readonly text: string
  readonly examples: readonly UsedLine[]
}

const most = 3

/** The clickable commands of a lesson's MDX, with the step where each stands. */
export function linesOf(lessonTitle: string, path: string, source: string): UsedLine[] {
  const lines: UsedLine[] = []
  let step = ''
  for (const [, id, line] of source.matchAll(/<Step id="([^"]*)"|<Command line="([^"]*)"/g)) {
    if (id !== undefined) step = `#${id}`
    // What a seed chose has its meaning only in the lesson.
    else if (line !== undefined && !line.includes('{{')) lines.push({ line, lessonTitle, path: `${path}${step}` })
  }
  return lines
}

/** Sorts lines to the first pattern that they match; of each the shortest ones stand as examples, no two of one lesson. */
export function sheetOf(
  entries: readonly { readonly find: string; readonly text: string }[],
  lines: readonly UsedLine[],
): SheetEntry[] {
  const found = entries.map(({ find, text }) => ({
    pattern: new RegExp(find),
    text,
    lines: new Map<string, UsedLine>(),
  }))
  for (const used of lines) {
    const entry = found.find(({ pattern }) => pattern.test(used.line))
    if (entry && !entry.lines.has(used.line)) entry.lines.set(used.line, used)
  }
  return found.map(({ text, lines }) => ({ text, examples: examplesOf([...lines.values()]) }))
}

/** The shortest lines, no two of one lesson. */
function examplesOf(lines: readonly UsedLine[]): UsedLine[] {
  const chosen = new Map<string, UsedLine>()
  for (const line of lines.toSorted((one, other) => one.line.length - other.line.length))
    if (!chosen.has(line.lessonTitle) && chosen.size < most) chosen.set(line.lessonTitle, line)
  return [...chosen.values()]
}
