/** One step of a transcript: a command with its answer, time that passes, or the answer to a lesson's question. */
export type Step = CommandStep | WaitStep | AnswerStep

export interface CommandStep {
  readonly line: number
  /** The command line; continuation lines are joined by newlines. */
  readonly run: string
  readonly stdout: readonly string[]
  readonly stderr: readonly string[]
  readonly exit: number
  readonly compare: 'exact' | 'rows' | 'status' | 'skip'
}

export interface WaitStep {
  readonly line: number
  /** `settle`, or a duration such as `5s`. */
  readonly wait: string
}

export interface AnswerStep {
  readonly line: number
  /** Id of the question. */
  readonly answer: string
  readonly value: string
}

export interface Transcript {
  readonly comments: readonly string[]
  /** Folder of the working directory's files, relative to the transcript. */
  readonly files: string | undefined
  /** How the cluster differs from the reference cluster: `proxy=nftables`. */
  readonly lab: Readonly<Record<string, string>>
  readonly steps: readonly Step[]
}

/** A stdout line that begins with one of these is written with a backslash in front. */
const marks = /^[#%$>!?@~\\]/

/**
 * Reads a transcript: `$` command, `>` its continuation, plain stdout, `!` stderr, `?` exit status, `@` time passes,
 * `~` how the block is compared, `#` comment, `% files` and `% lab` settings, `% answer QUESTION=VALUE`.
 */
export function parseTranscript(text: string): Transcript {
  const comments: string[] = []
  const lab: Record<string, string> = {}
  let files: string | undefined
  const steps: Step[] = []
  let current: Mutable<CommandStep> | undefined
  for (const [index, line] of text.split('\n').entries()) {
    const [mark, rest] = [line[0], line.slice(2)]
    const isMarked = line.length === 1 || line[1] === ' '
    const isFresh = current !== undefined && current.stdout.length === 0 && current.stderr.length === 0
    if (mark === '#' && isMarked) {
      if (!current) comments.push(rest)
    } else if (line.startsWith('% files ')) files = line.slice(8).trim()
    else if (line.startsWith('% lab ')) Object.assign(lab, parseSettings(line.slice(6)))
    else if (line.startsWith('% answer ')) {
      for (const [answer, value] of Object.entries(parseSettings(line.slice(9))))
        steps.push({ line: index + 1, answer, value })
      current = undefined
    } else if (line.startsWith('@ ')) {
      steps.push({ line: index + 1, wait: rest.trim() })
      current = undefined
    } else if (line.startsWith('$ ')) {
      current = { line: index + 1, run: rest, stdout: [], stderr: [], exit: 0, compare: 'exact' }
      steps.push(current)
    } else if (!current) continue
    else if (mark === '>' && isMarked && isFresh) current.run += `\n${rest}`
    else if (mark === '!' && isMarked) current.stderr.push(rest)
    else if (/^\? \d+$/.test(line)) current.exit = Number(rest)
    else if (line.startsWith('~ ')) current.compare = rest.trim() as CommandStep['compare']
    else current.stdout.push(mark === '\\' ? line.slice(1) : line)
  }
  for (const step of steps) if ('run' in step) dropEmptyEnd(step.stdout as string[])
  return { comments, files, lab, steps }
}

/** Writes a transcript as `parseTranscript` reads it. */
export function formatTranscript(transcript: Transcript): string {
  const lines = transcript.comments.map(comment => `# ${comment}`.trimEnd())
  if (transcript.files) lines.push(`% files ${transcript.files}`)
  const settings = Object.entries(transcript.lab)
  if (settings.length > 0) lines.push(`% lab ${settings.map(([key, value]) => `${key}=${value}`).join(' ')}`)
  for (const step of transcript.steps) {
    if ('wait' in step) lines.push(`@ ${step.wait}`)
    else if ('answer' in step) lines.push(`% answer ${step.answer}=${step.value}`)
    else lines.push('', ...formatCommand(step))
  }
  return `${lines.join('\n')}\n`
}

function formatCommand(step: CommandStep): string[] {
  const [first, ...more] = step.run.split('\n')
  return [
    `$ ${first}`,
    ...more.map(line => `> ${line}`.trimEnd()),
    ...(step.compare === 'exact' ? [] : [`~ ${step.compare}`]),
    ...step.stdout.map(line => (marks.test(line) ? `\\${line}` : line)),
    ...step.stderr.map(line => `! ${line}`.trimEnd()),
    ...(step.exit === 0 ? [] : [`? ${step.exit}`]),
  ]
}

/** `a=b c=d` as an object. */
function parseSettings(text: string): Record<string, string> {
  const pairs = text
    .trim()
    .split(/\s+/)
    .map(word => [word.split('=', 1)[0] ?? '', word.slice(word.indexOf('=') + 1)])
  return Object.fromEntries(pairs)
}

function dropEmptyEnd(lines: string[]): void {
  while (lines.at(-1) === '') lines.pop()
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer I)[] ? I[] : T[K] }
