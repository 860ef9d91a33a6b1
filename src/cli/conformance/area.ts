import type { Corpora } from './corpora.ts'

/** One question whose answer is known. */
export interface Case {
  readonly name: string
  /** Asks the simulator; what differs, or nothing when it answers alike. */
  run(): Outcome | Promise<Outcome>
}

/** What a case comes to: nothing when alike, a text that shows the difference, or a note about the recorded answer. */
export type Outcome = undefined | string | ReleaseNote | Unanswered

/** Alike, once the recorded answer of an older release is put into the words of today's by a known rule. */
export interface ReleaseNote {
  readonly release: string
}

/** Not compared: the recorded answer says nothing about today's release. */
export interface Unanswered {
  readonly unanswered: string
}

/** One kind of questions: where they stand, and how each is put to the simulator. */
export interface Area {
  readonly name: string
  /** Files or folders below the corpora that must be there. */
  readonly needs: readonly string[]
  cases(corpora: Corpora): Iterable<Case> | AsyncIterable<Case>
}

/** Equal JSON is no difference, whatever the order of keys. */
export function compare(expected: unknown, actual: unknown): string | undefined {
  const [wanted, got] = [canonicalJson(expected), canonicalJson(actual)]
  return wanted === got ? undefined : difference(wanted, got)
}

/** Both answers, one below the other. */
export function difference(expected: string, actual: string): string {
  const side = (mark: string, text: string) => text.split('\n').map(line => `    ${mark} ${line}`)
  return [...side('-', expected), ...side('+', actual)].join('\n')
}

/** JSON with sorted keys. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    each !== null && typeof each === 'object' && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  )
}

/** What a call answers, or the words with which it refuses. */
export function answerOf<T>(call: () => T): { readonly value: T } | { readonly error: string } {
  try {
    return { value: call() }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}
