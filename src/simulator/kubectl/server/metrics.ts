import { parseQuantity } from '../../cluster/api/quantity.ts'
import { Failure } from '../failure.ts'
import type { Invocation } from '../invocation.ts'
import { alignTable } from '../output/table.ts'
import type { AnyObject } from './object.ts'

/** The flags that `kubectl top` checks before it asks for anything. */
export interface MetricsFlags {
  readonly selector: string
  readonly 'sort-by': string
}

/** What something uses, as the metrics API tells it. */
export type Usage = Readonly<Record<string, string>>

const root = '/apis/metrics.k8s.io/v1beta1'
const mebibyte = 1024 * 1024

/** Ends `kubectl top` where no metrics server is installed, and refuses words that do not go together. */
export async function requireMetrics(invocation: Invocation, flags: MetricsFlags): Promise<void> {
  const { args, path } = invocation
  if (args.length > 1) throw invocation.usageError(`${path.at(-1)} [NAME | -l label]`)
  if (!/^(|cpu|memory)$/.test(flags['sort-by'])) throw new Failure('--sort-by accepts only cpu or memory')
  if (args.length === 1 && flags.selector) throw new Failure('only one of NAME or selector can be provided')
  const { all } = await invocation.resources(true)
  if (!all.some(({ group }) => group === 'metrics.k8s.io')) throw new Failure('Metrics API not available')
}

/** The metrics at a path below the API's own: one object when it is named. */
export async function readMetrics(
  { api }: Invocation,
  path: string,
  name: string | undefined,
  labelSelector: string,
): Promise<AnyObject[]> {
  const place = `${root}/${path}${name === undefined ? '' : `/${name}`}`
  const { body } = await api.request('GET', place, { query: { labelSelector: labelSelector || undefined } })
  const answer = (typeof body === 'string' ? JSON.parse(body) : body) as AnyObject & { items?: AnyObject[] }
  return name === undefined ? (answer.items ?? []) : [answer]
}

/** Processor time in thousandths of a core and memory in mebibytes, as two cells. */
export function usageCells(usage: Usage): string[] {
  return [`${Math.ceil(processorOf(usage) * 1000 - 1e-9)}m`, `${Math.floor(memoryOf(usage) / mebibyte)}Mi`]
}

/** Usage next to what there is: each with its share. */
export function shareCells(usage: Usage, available: Usage): string[] {
  const [processor = '', memory = ''] = usageCells(usage)
  const share = (used: number, of: number) => `${Math.floor((used / of) * 100)}%`
  return [
    processor,
    share(processorOf(usage), processorOf(available)),
    memory,
    share(memoryOf(usage), memoryOf(available)),
  ]
}

/** What several use together. */
export function totalOf(usages: readonly Usage[]): Usage {
  const sum = (of: (usage: Usage) => number) => usages.reduce((total, usage) => total + of(usage), 0)
  return { cpu: `${Math.round(sum(processorOf) * 1e9)}n`, memory: String(sum(memoryOf)) }
}

/** The greediest first by `--sort-by`, else by name. */
export function compareUsage(by: string, a: { name: string; usage: Usage }, b: { name: string; usage: Usage }): number {
  if (by === 'cpu') return processorOf(b.usage) - processorOf(a.usage)
  if (by === 'memory') return memoryOf(b.usage) - memoryOf(a.usage)
  return a.name < b.name ? -1 : 1
}

/** Lines whose last cell is padded as well. */
export function usageTable(rows: readonly (readonly string[])[]): string {
  return alignTable(rows.map(cells => `${cells.join('\t')}\t\n`).join(''))
}

function processorOf({ cpu = '0' }: Usage): number {
  return parseQuantity(cpu)
}

function memoryOf({ memory = '0' }: Usage): number {
  return parseQuantity(memory)
}
