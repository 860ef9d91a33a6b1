import { Failure } from '../failure.ts'
import type { Invocation } from '../invocation.ts'
import { type Query, readQuery, type Selection } from '../objects/selection.ts'
import { alignTable, tableLines } from '../output/table.ts'
import { type AnyObject, isList, type Table } from '../server/object.ts'
import { pathOf } from '../server/resource.ts'
import type { Watch } from '../server/watch.ts'
import { acceptFor, asTable, type ListingOptions, limitOf } from './tables.ts'

/** How each object is shown as it changes; `event` says what happened, where that is asked for. */
export type Show = (object: AnyObject, event: string | undefined) => string

/** What following depends on. */
export interface FollowOptions {
  readonly isWatchOnly: boolean
  readonly showsEvents: boolean
  readonly asksForTables: boolean
  readonly serverPrints: boolean
  readonly chunkSize: number
}

/** Shows objects and then each of their changes, until someone ends it. */
export async function follow(
  invocation: Invocation,
  selection: Selection,
  options: FollowOptions,
  show: Show,
): Promise<void> {
  const query = await queryOf(selection, invocation)
  const headers = options.asksForTables ? acceptFor(options) : { accept: 'application/json' }
  const current = await readCurrent(invocation, query, headers, options.chunkSize)
  const added = options.showsEvents ? 'ADDED' : undefined
  if (!options.isWatchOnly) {
    for (const object of current.objects) await invocation.print(show(object, added))
  }
  const watch = await invocation.api.watch(pathOf(query.resource, query.namespace), {
    headers,
    query: {
      labelSelector: query.selector || undefined,
      fieldSelector: query.fieldSelector || undefined,
      resourceVersion: current.resourceVersion,
      allowWatchBookmarks: 'true',
    },
  })
  await showChanges(invocation, watch, options, show)
}

async function showChanges(invocation: Invocation, watch: Watch, options: FollowOptions, show: Show): Promise<void> {
  for await (const event of watch.changes(invocation.api.requestTimeout)) {
    if (event.type === 'BOOKMARK') continue
    if (event.type === 'ERROR') {
      throw new Failure(String((event.object as { message?: unknown }).message ?? 'watch closed'))
    }
    await invocation.print(show(event.object, options.showsEvents ? event.type : undefined))
  }
}

/** What has been chosen, as one query: a single object is found by its name. */
async function queryOf(selection: Selection, invocation: Invocation): Promise<Query> {
  const queries: Query[] = []
  for await (const piece of selection.pieces()) {
    if (piece instanceof Failure) throw piece
    if ('query' in piece) queries.push(piece.query)
    else {
      const { resource, namespace, name } = 'target' in piece ? piece.target : piece.reference
      await invocation.api.get(resource, namespace, name)
      queries.push({ resource, namespace, selector: '', fieldSelector: `metadata.name=${name}` })
    }
  }
  if (queries.length !== 1) {
    throw new Failure(
      'watch is only supported on individual resources and resource collections - more than 1 resource was found',
    )
  }
  return queries[0]!
}

async function readCurrent(
  invocation: Invocation,
  query: Query,
  headers: { accept: string },
  chunkSize: number,
): Promise<{ objects: AnyObject[]; resourceVersion: string }> {
  const answer = await readQuery<AnyObject>(invocation.api, query, { headers, query: limitOf(chunkSize) })
  const resourceVersion = String(answer.metadata?.resourceVersion ?? '')
  if (!isList(answer)) return { objects: [answer], resourceVersion }
  const { apiVersion, kind } = answer
  const items = answer.items.map(item => ({
    ...item,
    apiVersion: item.apiVersion ?? apiVersion,
    kind: item.kind ?? kind.replace(/List$/, ''),
  }))
  return { objects: items, resourceVersion }
}

/** Shows tables row by row: the header comes once, and columns stay as wide as they have been. */
export function tableShow(options: ListingOptions, now: () => number): Show {
  const widths: number[] = []
  let hasHeader = false
  let columns: Table['columnDefinitions'] = []
  return (object, event) => {
    const table = asTable(object, now())
    // Only the first table of a watch says what its columns are.
    columns = table.columnDefinitions ?? columns
    const lines = tableLines(
      { ...table, columnDefinitions: columns },
      {
        ...options,
        hasHeaders: options.hasHeaders && !hasHeader,
        showsNamespace: options.isEveryNamespace,
        ...(event !== undefined && { event }),
      },
    )
    hasHeader ||= lines !== ''
    return alignTable(lines, widths)
  }
}
