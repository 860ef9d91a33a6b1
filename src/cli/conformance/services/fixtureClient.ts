import type { KubernetesObject } from '../../../simulator/cluster/api/object.ts'
import { matchesSelector } from '../../../simulator/cluster/api/selector.ts'
import type { Change, Client, ListOptions } from '../../../simulator/cluster/client.ts'
import type { Kind } from '../../../simulator/cluster/kinds/kind.ts'

/**
 * Objects that stand still, as a part of the cluster reads them. Some fixtures would not pass the API server: node ports
 * outside the range, addresses of two families in one slice.
 */
export class FixtureClient implements Client {
  readonly user = 'conformance'
  readonly #objects: ReadonlyMap<Kind, readonly KubernetesObject[]>

  constructor(objects: ReadonlyMap<Kind, readonly KubernetesObject[]>) {
    this.#objects = objects
  }

  get<T extends KubernetesObject>(kind: Kind<T>, name: string, namespace?: string): T | undefined {
    return this.#all(kind).find(
      ({ metadata }) => metadata.name === name && (!kind.namespaced || metadata.namespace === namespace),
    )
  }

  list<T extends KubernetesObject>(kind: Kind<T>, { namespace, labels, selector }: ListOptions = {}): readonly T[] {
    const wanted = typeof labels === 'object' ? { matchLabels: labels } : selector
    return this.#all(kind).filter(
      ({ metadata }) =>
        (namespace === undefined || metadata.namespace === namespace) &&
        (wanted === undefined || matchesSelector(wanted, metadata.labels)),
    )
  }

  watch<T extends KubernetesObject>(kind: Kind<T>, onChange: (change: Change<T>) => void): () => void {
    for (const object of this.#all(kind)) onChange({ type: 'ADDED', object, previous: undefined })
    return () => {}
  }

  watchNode(): never {
    return this.#refuse()
  }
  kinds(): never {
    return this.#refuse()
  }
  onNewKind(): never {
    return this.#refuse()
  }
  ownedBy(): never {
    return this.#refuse()
  }
  uncontrolled(): never {
    return this.#refuse()
  }
  onNode(): never {
    return this.#refuse()
  }
  create(): never {
    return this.#refuse()
  }
  update(): never {
    return this.#refuse()
  }
  updateStatus(): never {
    return this.#refuse()
  }
  patch(): never {
    return this.#refuse()
  }
  bind(): never {
    return this.#refuse()
  }
  finalize(): never {
    return this.#refuse()
  }
  delete(): never {
    return this.#refuse()
  }
  isRefusal(): boolean {
    return false
  }

  #all<T extends KubernetesObject>(kind: Kind<T>): readonly T[] {
    return (this.#objects.get(kind as unknown as Kind) ?? []) as readonly T[]
  }

  #refuse(): never {
    throw new Error('fixtures stand still')
  }
}
