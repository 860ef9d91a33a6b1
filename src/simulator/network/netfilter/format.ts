import type { RuleText } from './rule.ts'
import type { Table } from './table.ts'

/** The words of a rule after its chain, as `iptables-save` prints them. */
export function formatRule(_rule: RuleText): string {
  throw new Error('unfinished')
}

/** A table as `iptables-save` prints it, from `*nat` to `COMMIT`, without comments. */
export function saveTable(_table: Table, _options: { readonly counters?: boolean } = {}): string {
  throw new Error('unfinished')
}
