import type { RuleText } from './rule.ts'

/** A rule that iptables does not understand; the message is iptables' own, without its name and version. */
export class RuleSyntaxError extends Error {}

/** Reads the words of a rule after its chain: `-p tcp -m tcp --dport 80 -j ACCEPT`. */
export function parseRule(_words: string | readonly string[]): RuleText {
  throw new Error('unfinished')
}
