import type { KubernetesObject } from '../../../simulator/cluster/api/object.ts'
import type { Kind } from '../../../simulator/cluster/kinds/kind.ts'
import { kinds } from '../../../simulator/cluster/kinds/registry.ts'
import { type Area, compare, type Outcome } from '../area.ts'
import { inTodaysTable, type Printed } from './printerReleases.ts'

const file = 'kubectl/tables/printer-rows.ndjson'

interface Row {
  readonly test: string
  readonly printer: string
  readonly wide: boolean
  readonly now: string
  readonly object: KubernetesObject & { readonly items?: readonly KubernetesObject[] }
  readonly columns: readonly { readonly name: string; readonly priority: number }[]
  readonly cells: readonly (readonly (string | number | boolean | null)[])[]
}

/** Objects as the server prints them in tables: names of columns and cells. */
export const printerRows: Area = {
  name: 'tables/printer-rows',
  needs: [file],
  *cases(corpora) {
    for (const [index, row] of corpora.lines<Row>(file).entries())
      yield {
        name: `${index + 1} ${row.test} ${row.object.kind}${row.wide ? ' -o wide' : ''}`,
        run: () => compareRow(row),
      }
  },
}

function compareRow(row: Row): Outcome {
  const { object, columns, cells, wide } = row
  const kind = kindOf(object)
  if (!kind) return `    no kind called ${object.kind}`
  const shown = columns.filter(column => wide || column.priority === 0)
  const items = (object.items ?? [object]).map(item => stored(kind, item))
  // Some printers make the cells of wide columns always.
  const narrow = (line: (typeof cells)[number]) => line.filter((_, at) => wide || columns[at]?.priority === 0)
  const recorded = { columns: shown.map(column => column.name), cells: cells.map(narrow) }
  const { printed, release } = inTodaysTable(recorded, items, kind.kind)
  // Objects hold whole seconds; the test looked at fractions of a second, up to two seconds later.
  const outcomes = [0, 1000, 2000].map(later => compare(printed, print(kind, items, Date.parse(row.now) + later, wide)))
  if (!outcomes.includes(undefined)) return isCountedTwice(row) ? { unanswered: countedTwice } : outcomes[0]
  return release === undefined ? undefined : { release }
}

function print(kind: Kind, items: readonly KubernetesObject[], now: number, wide: boolean): Printed {
  const target = kind.view?.stored ?? kind
  const columns = target.columns.filter(column => wide || !column.wide)
  return {
    columns: columns.map(({ name }) => name),
    cells: items.map(item => columns.map(column => column.value(item, now))),
  }
}

function kindOf({ apiVersion = '', kind: listKind }: KubernetesObject): Kind | undefined {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion]
  const name = listKind?.replace(/List$/, '')
  const named = kinds.filter(each => each.kind === name)
  return (
    named.find(each => each.group === group && each.version === version) ??
    named.find(each => each.group === group) ??
    named[0]
  )
}

/** An object as the server keeps it: parts that Go's structs always have are there. */
function stored(kind: Kind, item: KubernetesObject): KubernetesObject {
  const whole = { status: {}, ...item, metadata: { ...item.metadata, name: item.metadata?.name ?? '' } }
  return kind.view ? ({ ...kind.view.toStored(whole), status: statusOf(kind, whole) } as KubernetesObject) : whole
}

function statusOf(kind: Kind, item: KubernetesObject): unknown {
  const made = kind.view?.toStored(item) as { status?: object } | undefined
  return { ...(item as { status?: object }).status, ...made?.status }
}

const countedTwice = 'the recorded object of a series of events counts one less than its row'

function isCountedTwice({ object, cells, columns }: Row): boolean {
  const { series } = object as unknown as { series?: { count?: number } }
  return cells[0]?.[columns.findIndex(({ name }) => name === 'Count')] === (series?.count ?? Number.NaN) + 1
}
