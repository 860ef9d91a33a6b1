import { type FieldType, shortNameOf, structNamed } from '../schema.ts'
import { schemaNameOf } from '../schemaName.ts'
import type { DocumentedKind } from './documentedKind.ts'

export const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1'

const metaTypes = new Set([
  'Condition',
  'DeleteOptions',
  'FieldSelectorRequirement',
  'LabelSelector',
  'LabelSelectorRequirement',
  'ListMeta',
  'ManagedFieldsEntry',
  'ObjectMeta',
  'OwnerReference',
  'Preconditions',
  'ShardInfo',
])

// Only kinds of other groups mention them.
const coreTypes = new Set(['TopologySelectorLabelRequirement', 'TopologySelectorTerm'])

/** Where the types of a group live in Kubernetes' own code. */
const packages: Readonly<Record<string, string>> = {
  apiextensions: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions',
  apiregistration: 'io.k8s.kube-aggregator.pkg.apis.apiregistration',
}

/** The full names of types: `io.k8s.api.core.v1.PodSpec` for `V1PodSpec`. */
export class TypeNames {
  readonly #groups = new Map<string, string>()

  /** A type belongs to the first group whose kinds mention it, and the core group comes first. */
  constructor(kinds: readonly DocumentedKind[]) {
    for (const kind of kinds) if (!kind.custom) this.#visit(kind.schema ?? schemaNameOf(kind), kind.group)
  }

  of(struct: string): string {
    const short = shortNameOf(struct)
    const version = /V\d/.exec(struct)?.[0].toLowerCase() ?? 'v1'
    if (metaTypes.has(short)) return `${meta}.${short}`
    const own = /^([A-Z][a-z]+)V\d/.exec(struct)?.[1]?.toLowerCase()
    const group = own ?? (coreTypes.has(short) ? 'core' : packageOf(this.#groups.get(struct) ?? ''))
    return `${packages[group] ?? `io.k8s.api.${group}`}.${version}.${short}`
  }

  #visit(struct: string, group: string): void {
    if (this.#groups.has(struct)) return
    this.#groups.set(struct, group)
    for (const { type } of structNamed(struct).fields.values()) {
      const inner = innermost(type)
      if (inner) this.#visit(inner, group)
    }
  }
}

function packageOf(group: string): string {
  return group.split('.')[0] || 'core'
}

function innermost(type: FieldType): string | undefined {
  if (type.kind === 'struct') return type.struct
  return type.kind === 'list' || type.kind === 'map' ? innermost(type.items) : undefined
}
