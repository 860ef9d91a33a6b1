import { formatAge } from '../../cluster/api/age.ts'
import { Failure, Failures } from '../failure.ts'
import type { Invocation } from '../invocation.ts'
import { type Query, readQuery, type Selection } from '../objects/selection.ts'
import type { Reference } from '../objects/target.ts'
import { alignTable, type TableOptions, tableLines } from '../output/table.ts'
import { type AnyObject, isList, type Table } from '../server/object.ts'
import { kindName, type Resource } from '../server/resource.ts'
import { missingField, sortedBy } from './sort.ts'

const tableAccept =
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json'

/** What the human-readable form of `kubectl get` depends on. */
export interface ListingOptions extends Omit<TableOptions, 'showsNamespace' | 'kind' | 'event'> {
  readonly isEveryNamespace: boolean
  readonly showsKind: boolean
  readonly sortBy: string
  readonly serverPrints: boolean
  readonly ignoresNotFound: boolean
  readonly subresource: string
  /** How many objects travel at once; 0 is no limit. */
  readonly chunkSize: number
}

interface Listed {
  readonly resource: Resource
  readonly table: Table
}

/** Prints what has been chosen as tables, one for each kind in turn. */
export async function printTables(
  invocation: Invocation,
  selection: Selection,
  options: ListingOptions,
): Promise<void> {
  const { listed, errors } = await fetchTables(invocation, selection, options)
  const showsKind = options.showsKind || new Set(listed.map(({ resource }) => resource)).size > 1
  const tables = options.sortBy && errors.length === 0 ? sortTables(listed, options) : listed
  let text = ''
  let group = ''
  let current: Resource | undefined
  let isSpaced = false
  const flush = () => {
    if (group) text += (isSpaced && options.hasHeaders ? '\n' : '') + alignTable(group)
    isSpaced = text !== ''
    group = ''
  }
  for (const { resource, table } of tables) {
    if (resource !== current) flush()
    const isFirst = resource !== current || group === ''
    current = resource
    group += tableLines(table, {
      ...options,
      hasHeaders: options.hasHeaders && isFirst,
      showsNamespace: options.isEveryNamespace && resource.namespaced,
      ...(showsKind && { kind: kindName(resource) }),
    })
  }
  flush()
  await invocation.print(text)
  if (!text && !options.ignoresNotFound && errors.length === 0) {
    const areNamespaced = !options.isEveryNamespace && listed.every(({ resource }) => resource.namespaced)
    await invocation.warn(`No resources found${areNamespaced ? ` in ${invocation.namespace} namespace.` : ''}`)
  }
  // Always told as several, which is why kubectl says no "error:" here.
  if (errors.length > 0) throw new Failures(errors)
}

async function fetchTables(
  invocation: Invocation,
  selection: Selection,
  options: ListingOptions,
): Promise<{ listed: Listed[]; errors: Error[] }> {
  const listed: Listed[] = []
  const errors: Error[] = []
  for await (const piece of selection.pieces()) {
    try {
      if (piece instanceof Failure) throw piece
      if ('query' in piece) listed.push(await fetchQuery(invocation, piece.query, options))
      else listed.push(await fetchOne(invocation, 'target' in piece ? piece.target : piece.reference, options))
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      if (!options.ignoresNotFound || !/not found$/.test(error.message)) errors.push(error)
    }
  }
  return { listed, errors }
}

async function fetchQuery(invocation: Invocation, query: Query, options: ListingOptions): Promise<Listed> {
  const answer = await readQuery<Table>(invocation.api, query, {
    // A table that is to be sorted comes whole.
    query: options.sortBy ? { includeObject: 'Object' } : limitOf(options.chunkSize),
    headers: acceptFor(options),
  })
  return { resource: query.resource, table: asTable(answer, invocation.now) }
}

async function fetchOne(
  invocation: Invocation,
  { resource, namespace, name }: Reference,
  options: ListingOptions,
): Promise<Listed> {
  const answer = await invocation.api.getNamed(resource, namespace, name, {
    headers: acceptFor(options),
    query: options.sortBy ? { includeObject: 'Object' } : {},
    subresource: options.subresource,
  })
  return { resource, table: asTable(answer, invocation.now) }
}

/** How a query says that large lists are to come in chunks. */
export function limitOf(chunkSize: number): { limit?: string } {
  return chunkSize > 0 ? { limit: String(chunkSize) } : {}
}

/** How kubectl asks for tables. */
export function acceptFor({ serverPrints }: Pick<ListingOptions, 'serverPrints'>): { accept: string } {
  return { accept: serverPrints ? tableAccept : 'application/json' }
}

/** Whatever a server answers, as a table: objects show their name and age. */
export function asTable(answer: unknown, now: number): Table {
  if ((answer as Table).kind === 'Table') return answer as Table
  const objects = isList(answer) ? answer.items : [answer as AnyObject]
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    columnDefinitions: [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'Age', type: 'string' },
    ],
    rows: objects.map(object => ({ cells: [object.metadata.name, ageOf(object, now)], object })),
  }
}

function ageOf({ metadata }: AnyObject, now: number): string {
  return metadata.creationTimestamp ? formatAge(now - Date.parse(metadata.creationTimestamp)) : '<unknown>'
}

/**
 * Sorts the rows of a table. Several tables cannot be sorted, and where no row has the field kubectl shows none: what
 * goes wrong inside of one table is never told.
 */
function sortTables(listed: readonly Listed[], { sortBy, serverPrints }: ListingOptions): Listed[] {
  const [first, ...more] = listed
  if (!first || !serverPrints) return [...listed]
  if (more.length > 0) throw missingField(sortBy)
  const { resource, table } = first
  if (table.rows.length < 2) return [first]
  try {
    return [{ resource, table: { ...table, rows: sortedBy(table.rows, sortBy, row => row.object) } }]
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return [{ resource, table: { ...table, rows: [] } }]
  }
}
