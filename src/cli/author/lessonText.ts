/** A line of what a learner reads, without its marks. */
export interface Sentence {
  readonly line: number
  readonly text: string
}

/** A tag of a lesson's text with what both languages must share of it. */
export interface Part {
  readonly line: number
  /** `Step id="start"`, `Command line="kubectl get pods"` … */
  readonly text: string
}

/** A lesson in one language, taken apart. */
export interface LessonText {
  readonly file: string
  readonly settings: Readonly<Record<string, string>>
  /** Steps, commands and questions with their options and truths, in order. */
  readonly parts: readonly Part[]
  /** What is read, sentence by sentence: paragraphs, list items, questions, options, reasons. */
  readonly sentences: readonly Sentence[]
  /** Targets of links. */
  readonly links: readonly Part[]
}

const parts =
  /<Step id="[^"]*"|<Command [^>]*?\/>|<(?:Predict|Question)\b|\bid="[^"]*"|value: '[^']*'|truth="[^"]*"|<(?:Debrief|OtherWays|InProduction)>/g
const spoken = /\b(?:title|question|because)="([^"]*)"|\btext: '((?:[^'\\]|\\.)*)'|\btext: "((?:[^"\\]|\\.)*)"/g

/** Reads a lesson's MDX. */
export function readLessonText(file: string, source: string): LessonText {
  const lineAt = lineCounter(source)
  const [, head = ''] = /^---\n([\s\S]*?)\n---\n/.exec(source) ?? []
  const settings = Object.fromEntries(
    head.split('\n').map(line => [line.split(':', 1)[0] ?? '', line.slice(line.indexOf(':') + 1).trim()]),
  )
  const body = source.replace(/^---\n[\s\S]*?\n---\n/, blank)
  const prose = body
    .replace(/```[\s\S]*?```/g, blank)
    .replace(/<(?:Command|Predict|Question|Step)\b(?:[^>"']|"[^"]*"|'[^']*')*>|<\/?\w+[^>]*>/g, blank)
  const sentences: Sentence[] = []
  for (const [index, line] of prose.split('\n').entries())
    for (const text of sentencesOf(line.replace(/^\s*(?:[-*]|\d+\.|#+)\s+/, '')))
      sentences.push({ line: index + 1, text })
  for (const match of body.matchAll(spoken))
    for (const text of sentencesOf(match[1] ?? match[2] ?? match[3] ?? ''))
      sentences.push({ line: lineAt(match.index), text })
  return {
    file,
    settings,
    parts: [...body.matchAll(parts)].map(match => ({
      line: lineAt(match.index),
      text: match[0].replace(/^<|\s*\/>$/g, ''),
    })),
    sentences: sentences.sort((one, other) => one.line - other.line),
    links: [...body.matchAll(/\]\(([^)\s]+)\)|href="([^"]+)"/g)].map(match => ({
      line: lineAt(match.index),
      text: match[1] ?? match[2] ?? '',
    })),
  }
}

/** Splits at the ends of sentences, not inside code. */
function sentencesOf(text: string): string[] {
  const codes: string[] = []
  const masked = text.replace(/`[^`]*`/g, code => `\u0001${codes.push(code) - 1}\u0002`)
  return masked
    .split(/(?<=[.?!])\s+/)
    .map(sentence => sentence.replace(/\u0001(\d+)\u0002/g, (_, index) => codes[Number(index)] ?? '').trim())
    .filter(sentence => sentence !== '')
}

/** The same length and lines, nothing in it. */
function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ')
}

function lineCounter(source: string): (index: number) => number {
  const starts = [0]
  for (let i = 0; i < source.length; i++) if (source[i] === '\n') starts.push(i + 1)
  return index => {
    let [low, high] = [0, starts.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (starts[middle]! <= index) low = middle
      else high = middle - 1
    }
    return low + 1
  }
}
