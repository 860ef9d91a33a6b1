import { ApiError } from '../api/error.ts'
import { mergePatch } from '../api/mergePatch.ts'
import type { Draft, KubernetesObject } from '../api/object.ts'
import { matchesRequirements, matchesSelector, parseSelector } from '../api/selector.ts'
import type { Change, Client, DeleteOptions, ListOptions } from '../client.ts'
import type { Kind } from '../kinds/kind.ts'
import type { Outcome } from './admission/webhooks/call.ts'
import { bindPod } from './binding.ts'
import type { Collection, Entry } from './collection.ts'
import type { Store, Writer } from './store.ts'

/** The door for the cluster's own parts: no requests, no copies of what is only read. */
export class LocalClient implements Client {
  readonly user: string
  readonly #store: Store
  readonly #writer: Writer
  /** What webhooks have said of the pod that is about to be created. */
  readonly #answers = new Map<string, Outcome>()

  constructor(store: Store, user: string) {
    this.user = user
    this.#store = store
    this.#writer = { user, manager: managerOf(user) }
  }

  get<T extends KubernetesObject>(kind: Kind<T>, name: string, namespace?: string): T | undefined {
    const entry = this.#store.storage.collection(kind).get(kind.namespaced ? (namespace ?? '') : '', name)
    return entry?.object as T | undefined
  }

  list<T extends KubernetesObject>(kind: Kind<T>, { namespace, labels, selector }: ListOptions = {}): readonly T[] {
    const collection = this.#store.storage.collection(kind)
    if (typeof labels === 'string') {
      const requirements = parseSelector(labels)
      return objectsOf<T>(collection.entries(namespace)).filter(({ metadata }) =>
        matchesRequirements(requirements, metadata.labels),
      )
    }
    const wanted = selector ?? (labels && { matchLabels: labels })
    if (!wanted) return objectsOf(collection.entries(namespace))
    const rarest = rarestLabel(collection, wanted.matchLabels)
    const candidates = rarest ? collection.withLabel(namespace, ...rarest) : collection.entries(namespace)
    return objectsOf<T>(candidates).filter(({ metadata }) => matchesSelector(wanted, metadata.labels))
  }

  ownedBy<T extends KubernetesObject>(kind: Kind<T>, ownerUid: string): readonly T[] {
    return objectsOf(this.#store.storage.collection(kind).controlledBy(ownerUid))
  }

  uncontrolled<T extends KubernetesObject>(kind: Kind<T>, namespace: string): readonly T[] {
    return objectsOf(this.#store.storage.collection(kind).uncontrolled(namespace))
  }

  onNode<T extends KubernetesObject>(kind: Kind<T>, nodeName: string): readonly T[] {
    return objectsOf(this.#store.storage.collection(kind).onNode(nodeName))
  }

  // Simplified: of what the cluster's own parts write, webhooks are shown the pods of controllers alone.
  create<T extends KubernetesObject>(kind: Kind<T>, object: Draft<T>): T {
    const isShown = kind.plural === 'pods' && this.user.startsWith('system:serviceaccount:')
    const writer = isShown ? { ...this.#writer, answers: this.#answers } : this.#writer
    const created = this.#store.create(kind, object as unknown as KubernetesObject, writer) as T
    if (isShown) this.#answers.clear()
    return created
  }

  update<T extends KubernetesObject>(kind: Kind<T>, object: T): T {
    const { namespace, name } = object.metadata
    return this.#store.update(kind, namespace, name, () => object, this.#writer) as T
  }

  updateStatus<T extends KubernetesObject>(kind: Kind<T>, object: T): T {
    const { namespace, name } = object.metadata
    return this.#store.update(kind, namespace, name, () => object, this.#writer, 'status') as T
  }

  patch<T extends KubernetesObject>(kind: Kind<T>, name: string, namespace: string | undefined, patch: unknown): T {
    const change = (current: KubernetesObject) => mergePatch(current, patch) as KubernetesObject
    return this.#store.update(kind, namespace, name, change, this.#writer) as T
  }

  delete<T extends KubernetesObject>(
    kind: Kind<T>,
    name: string,
    namespace?: string,
    options: DeleteOptions = {},
  ): void {
    this.#store.delete(kind, namespace, name, options, this.#writer)
  }

  bind(name: string, namespace: string, nodeName: string): void {
    bindPod(this.#store, namespace, name, nodeName, this.#writer)
  }

  finalize<T extends KubernetesObject>(kind: Kind<T>, object: T): T {
    const { namespace, name } = object.metadata
    return this.#store.update(kind, namespace, name, () => object, this.#writer, 'finalize') as T
  }

  kinds(): readonly Kind[] {
    return this.#store.storage.kinds.filter(({ view }) => !view)
  }

  onNewKind(tell: (kind: Kind) => void): void {
    this.#store.storage.onNewKind(tell)
  }

  isRefusal(error: unknown): boolean {
    return error instanceof ApiError
  }

  watch<T extends KubernetesObject>(kind: Kind<T>, onChange: (change: Change<T>) => void): () => void {
    return this.#follow(this.#store.storage.collection(kind).entries(), kind, undefined, onChange)
  }

  watchNode<T extends KubernetesObject>(
    kind: Kind<T>,
    nodeName: string,
    onChange: (change: Change<T>) => void,
  ): () => void {
    return this.#follow(this.#store.storage.collection(kind).onNode(nodeName), kind, nodeName, onChange)
  }

  #follow<T extends KubernetesObject>(
    entries: Iterable<Entry>,
    kind: Kind<T>,
    nodeName: string | undefined,
    onChange: (change: Change<T>) => void,
  ): () => void {
    const { storage } = this.#store
    const existing = objectsOf<T>(entries)
    const stop = storage.watch(kind, ({ change }) => onChange(change as Change<T>), nodeName)
    storage.quietly(() => {
      for (const object of existing) onChange({ type: 'ADDED', object, previous: undefined })
    })
    return stop
  }
}

/** The label that the fewest objects carry: the shortest list to look through. */
function rarestLabel(
  collection: Collection,
  labels: Readonly<Record<string, string>> | undefined,
): [key: string, value: string] | undefined {
  let rarest: [string, string] | undefined
  let least = Number.POSITIVE_INFINITY
  for (const key in labels) {
    const count = collection.countWithLabel(key, labels[key]!)
    if (count >= least) continue
    least = count
    rarest = [key, labels[key]!]
  }
  return rarest
}

function objectsOf<T extends KubernetesObject>(entries: Iterable<Entry>): T[] {
  const objects: T[] = []
  for (const entry of entries) objects.push(entry.object as T)
  return objects
}

/** The program behind a user: controllers and the scheduler share one, kubelets and kube-proxies have their own. */
function managerOf(user: string): string {
  if (user.startsWith('system:serviceaccount:kube-system:')) return 'kube-controller-manager'
  if (user.startsWith('system:node:')) return 'kubelet'
  return user.replace(/^system:/, '')
}
