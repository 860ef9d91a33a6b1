import type { KubernetesObject } from '../../api/object.ts'
import { apiVersionOf, type Kind } from '../../kinds/kind.ts'

/** How much of each object a table carries besides its cells. */
export type Included = 'None' | 'Metadata' | 'Object'

/** Objects as the table that `kubectl get` prints. */
export function tableOf(
  kind: Kind,
  objects: readonly KubernetesObject[],
  now: number,
  metadata: Readonly<Record<string, unknown>>,
  included: Included = 'Metadata',
  hasColumns = true,
) {
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: hasColumns ? columnsOf(kind) : null,
    rows: objects.map(object => ({
      cells: kind.columns.map(column => column.value(object, now)),
      ...(included === 'None' ? {} : { object: included === 'Object' ? object : partial(object) }),
    })),
  }
}

function columnsOf(kind: Kind) {
  return kind.columns.map(({ name, type = 'string', format = '', description = '', wide }) => ({
    name,
    type,
    format,
    description,
    priority: wide ? 1 : 0,
  }))
}

/** Nothing of an object but its metadata. */
export function partial({ metadata }: KubernetesObject) {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata }
}

/** `PodList` and its API version. */
export function listKindOf(kind: Kind): { kind: string; apiVersion: string } {
  return { kind: kind.custom?.listKind ?? `${kind.kind}List`, apiVersion: apiVersionOf(kind) }
}
