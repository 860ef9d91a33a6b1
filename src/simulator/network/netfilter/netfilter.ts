import { Table, type TableName } from './table.ts'

/** The rules of a network namespace. */
export class Netfilter {
  readonly tables: ReadonlyMap<TableName, Table> = new Map()

  /** The table of that name. */
  table(name: TableName): Table {
    return new Table(name)
  }

  /** Reads rules as iptables-restore does. With `noFlush`, only chains that the text names are replaced. */
  restore(_text: string, _options: { readonly noFlush?: boolean; readonly counters?: boolean } = {}): void {
    throw new Error('unfinished')
  }
}
