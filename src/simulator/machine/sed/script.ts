/** A regular expression of a script; undefined stands for the one that was used last. */
export type SedPattern = RegExp | undefined

/** Which lines an address means. */
export type Address =
  | { readonly kind: 'line'; readonly line: number }
  | { readonly kind: 'last' }
  | { readonly kind: 'pattern'; readonly pattern: SedPattern }
  /** `first~step` */
  | { readonly kind: 'step'; readonly first: number; readonly step: number }

/** Where a range ends. */
export type RangeEnd =
  | Address
  /** `addr,+N` */
  | { readonly kind: 'count'; readonly count: number }
  /** `addr,~N` */
  | { readonly kind: 'multiple'; readonly multiple: number }

/** One command of a script. */
export interface Command {
  readonly name: string
  readonly from: Address | undefined
  readonly to: RangeEnd | undefined
  readonly isNegated: boolean
  /** What `s` and `y` do. */
  readonly substitution?: Substitution
  readonly translation?: ReadonlyMap<string, string>
  /** The text of a, i and c; a file name, a label. */
  readonly text?: string
  /** An exit status or a line length. */
  readonly number?: number
  /** For `{`: the place of the matching `}`; for jumps the place of the label. */
  target?: number
}

/** The parts of an `s` command. */
export interface Substitution {
  readonly pattern: SedPattern
  readonly replacement: readonly ReplacementPart[]
  readonly isGlobal: boolean
  /** Replaces only from this match on, counted from one. */
  readonly occurrence: number
  readonly prints: number
  readonly file: string | undefined
}

/** A piece of a replacement: text, the match, a group, or a change of case. */
export type ReplacementPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'group'; readonly group: number }
  | { readonly kind: 'case'; readonly letter: 'L' | 'U' | 'l' | 'u' | 'E' }

/** A script that makes no sense; the message says where. */
export class SedSyntaxError extends Error {}
