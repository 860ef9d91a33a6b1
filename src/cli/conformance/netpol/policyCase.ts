/** A pod of a case, with what it serves; or a machine outside of the cluster. */
export interface PolicyPod {
  /** Empty for a machine outside. */
  readonly namespace: string
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly ip: string
  readonly external?: boolean
  readonly containers?: readonly ServedPort[]
}

interface ServedPort {
  readonly port: number
  readonly protocol: Protocol
  readonly portName?: string
}

export type Protocol = 'TCP' | 'UDP' | 'SCTP'

/** What a case needs before it can be probed. */
export interface Stage {
  readonly namespaces: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly pods: readonly PolicyPod[]
  readonly policies: readonly string[]
}

/** One change of a case that goes on from the one before; the corpora have two words for some. */
export interface Action {
  readonly create?: string
  readonly createPolicy?: string
  readonly update?: string
  readonly updatePolicy?: string
  readonly deleteall?: unknown
  /** `namespace/name`. */
  readonly deletePolicy?: string
  readonly createNamespace?: { readonly name: string; readonly labels: Readonly<Record<string, string>> }
  readonly setNamespaceLabels?: { readonly name: string; readonly labels: Readonly<Record<string, string>> }
  readonly nslabel?: readonly [namespace: string, labels: Readonly<Record<string, string>>]
  readonly deleteNamespace?: string
  readonly createPod?: Pick<PolicyPod, 'namespace' | 'name' | 'labels'>
  readonly setPodLabels?: Pick<PolicyPod, 'namespace' | 'name' | 'labels'>
  /** `namespace/name`. */
  readonly deletePod?: string
}

/** One question, may this pod reach that one, and the answer that is known. */
export interface Verdict {
  /** `namespace/name`. */
  readonly from: string
  readonly to: string
  readonly port: number
  readonly protocol: Protocol
  readonly allowed: boolean
}

/** A line of the corpora, in one of its three forms. */
export interface Row extends Stage {
  readonly name: string
  readonly expected?: readonly (Verdict & { readonly loopback?: boolean })[]
  /** `table["TCP/80"]["x/a"]` is a line over `podOrder`: `.` allowed, `X` blocked. */
  readonly table?: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly podOrder?: readonly string[]
  /** What every pod serves. */
  readonly containers?: readonly ServedPort[]
  /** `blocked["TCP/80"]["x/a"]` are those who may not reach x/a; all other pairs may. */
  readonly blocked?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
  readonly sequence?: { readonly case: number; readonly step: number; readonly actions?: readonly Action[] | null }
}

/** The pods of a case, each with what it serves. */
export function podsOf({ pods, containers }: Row): PolicyPod[] {
  return pods.map(pod => (containers && !pod.containers ? { ...pod, containers } : pod))
}

/** Every pair of a case but a pod and itself, which no network can keep apart. */
export function verdictsOf(row: Row): Verdict[] {
  const all = row.expected ?? (row.table ? tableVerdicts(row) : row.blocked ? listedVerdicts(row) : [])
  return all.filter(({ from, to }) => from !== to)
}

function tableVerdicts({ table = {}, podOrder = [] }: Row): Verdict[] {
  return Object.entries(table).flatMap(([key, rows]) => {
    const [protocol = '', port = ''] = key.split('/')
    return Object.entries(rows).flatMap(([from, line]) =>
      podOrder.map((to, index) => ({
        from,
        to,
        port: Number(port),
        protocol: protocol as Protocol,
        allowed: line[index] === '.',
      })),
    )
  })
}

function listedVerdicts(row: Row): Verdict[] {
  const pods = podsOf(row)
  return pods.flatMap(to =>
    (to.containers ?? []).flatMap(({ port, protocol }) => {
      const blocked = new Set(row.blocked?.[`${protocol}/${port}`]?.[nameOf(to)])
      return pods
        .filter(from => !(from.external && to.external))
        .map(from => ({
          from: nameOf(from),
          to: nameOf(to),
          port,
          protocol,
          allowed: !blocked.has(nameOf(from)),
        }))
    }),
  )
}

/** How verdicts call a pod: `x/a`; `ext/client-a` for a machine outside. */
export function nameOf({ namespace, name, external }: Pick<PolicyPod, 'namespace' | 'name' | 'external'>): string {
  return `${external ? 'ext' : namespace}/${name}`
}
