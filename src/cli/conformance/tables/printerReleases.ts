import type { KubernetesObject } from '../../../simulator/cluster/api/object.ts'

/** A table: names of columns, and a list of cells for each row. */
export interface Printed {
  readonly columns: readonly string[]
  readonly cells: readonly (readonly (string | number | boolean | null)[])[]
}

interface Today {
  readonly printed: Printed
  readonly release?: string
}

/** A table of release 1.20 as today's server prints it. */
export function inTodaysTable(printed: Printed, items: readonly KubernetesObject[], kind: string): Today {
  const change = changes[kind]
  if (!change) return { printed }
  const today = change[1](printed, items)
  return JSON.stringify(today) === JSON.stringify(printed) ? { printed } : { printed: today, release: change[0] }
}

type Change = readonly [release: string, change: (printed: Printed, items: readonly KubernetesObject[]) => Printed]

const changes: Readonly<Record<string, Change>> = {
  Pod: ['restarts are told as text (1.22)', printed => mapColumn(printed, 'Restarts', String)],
  ServiceAccount: ['the number of secrets is not shown (1.34)', printed => withoutColumn(printed, 'Secrets')],
  PodTemplate: [
    'pod templates have an age (1.22)',
    printed => withColumn(printed, printed.columns.length, 'Age', () => '<unknown>'),
  ],
  Job: [
    'jobs have a status (1.31)',
    (printed, items) => withColumn(printed, 1, 'Status', index => statusOf(items[index]!)),
  ],
  PersistentVolume: [
    'volumes have a class of attributes (1.29)',
    printed => withColumn(printed, printed.columns.indexOf('Reason'), 'VolumeAttributesClass', () => '<unset>'),
  ],
  PersistentVolumeClaim: [
    'claims have a class of attributes (1.29)',
    printed => withColumn(printed, printed.columns.indexOf('Age'), 'VolumeAttributesClass', () => '<unset>'),
  ],
  CertificateSigningRequest: [
    'requests for certificates have a duration (1.22)',
    printed => withColumn(printed, printed.columns.indexOf('Condition'), 'RequestedDuration', () => '<none>'),
  ],
  CronJob: ['schedules have a time zone (1.29)', printed => withColumn(printed, 2, 'Timezone', () => '<none>')],
  PriorityClass: [
    'classes say whether they preempt (1.30)',
    printed => withColumn(printed, printed.columns.length, 'PreemptionPolicy', () => ''),
  ],
  HorizontalPodAutoscaler: [
    'targets of autoscalers are named (1.31), and CPUs come first',
    (printed, items) => mapColumn(printed, 'Targets', (text, index) => namedTargets(String(text), items[index]!)),
  ],
}

function mapColumn(
  { columns, cells }: Printed,
  name: string,
  change: (cell: string | number | boolean | null, row: number) => string,
): Printed {
  const place = columns.indexOf(name)
  return {
    columns,
    cells: cells.map((row, index) => row.map((cell, at) => (at === place ? change(cell, index) : cell))),
  }
}

function withoutColumn({ columns, cells }: Printed, name: string): Printed {
  const place = columns.indexOf(name)
  const without = <T>(list: readonly T[]) => list.filter((_, at) => at !== place)
  return { columns: without(columns), cells: cells.map(without) }
}

function withColumn({ columns, cells }: Printed, place: number, name: string, cell: (row: number) => string): Printed {
  return {
    columns: columns.toSpliced(place, 0, name),
    cells: cells.map((row, index) => row.toSpliced(place, 0, cell(index))),
  }
}

/** What a job has come to (printJob in pkg/printers/internalversion). */
function statusOf(job: KubernetesObject): string {
  const { status = {} } = job as { status?: { conditions?: readonly { type: string; status: string }[] } }
  const has = (type: string) => status.conditions?.some(each => each.type === type && each.status === 'True')
  if (has('Complete')) return 'Complete'
  if (has('Failed')) return 'Failed'
  if (job.metadata.deletionTimestamp) return 'Terminating'
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(has) ?? 'Running'
}

interface Metric {
  readonly type: string
  readonly resource?: { readonly name: string }
  readonly containerResource?: { readonly name: string }
}

/** The same targets with the names of resources, in the order in which metrics stand today. */
function namedTargets(text: string, autoscaler: KubernetesObject): string {
  const { spec } = autoscaler as unknown as { spec: { metrics?: readonly Metric[] } }
  const metrics = spec.metrics ?? []
  const [list = '', more] = text.split(' + ')
  const parts = list.split(', ')
  const isCpuLast = parts.length === 2 && metrics[0]?.resource !== undefined
  const ordered = isCpuLast ? parts.toReversed() : parts
  const named = ordered.map((part, index) => {
    const name = metrics[index]?.resource?.name ?? metrics[index]?.containerResource?.name
    return name === undefined ? part : `${name}: ${part}`
  })
  return named.join(', ') + (more === undefined ? '' : ` + ${more}`)
}
