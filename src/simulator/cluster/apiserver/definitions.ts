import { isEqual } from '../api/equality.ts'
import type { KubernetesObject } from '../api/object.ts'
import type { Change } from '../client.ts'
import { customResourceDefinition as definitionKind } from '../kinds/customResourceDefinition.ts'
import { customKinds } from '../kinds/definitions/customKind.ts'
import {
  type CustomResourceDefinition,
  cleanupFinalizer,
  type DefinitionCondition,
  type DefinitionNames,
  isTrue,
} from '../kinds/definitions/definition.ts'
import { isProtectedGroup } from '../kinds/definitions/definitionRules.ts'
import type { Kind } from '../kinds/kind.ts'
import type { Store, Writer } from './store.ts'

const writer: Writer = { user: 'system:apiserver', manager: 'kube-apiserver' }
// How long each of the server's loops takes to see a change, in milliseconds.
const reaction = 5
// How long the server waits for objects that do not go at once: crd_finalizer.go.
const patience = 5000

/** Makes definitions true: accepts their names, serves their kinds, and takes their objects away with them. */
export class Definitions {
  readonly #store: Store
  readonly #served = new Map<string, { readonly source: string; readonly kinds: readonly Kind[] }>()

  constructor(store: Store) {
    this.#store = store
    store.storage.watch(definitionKind, ({ change }) => this.#see(change as Change<CustomResourceDefinition>))
  }

  #see({ type, object }: Change<CustomResourceDefinition>): void {
    const { name } = object.metadata
    this.#serve(name, type === 'DELETED' ? undefined : object)
    if (type === 'DELETED') {
      for (const other of this.#all()) if (!isTrue(other, 'NamesAccepted')) this.#later(other.metadata.name)
    } else this.#later(name)
  }

  #later(name: string, delay = reaction): void {
    this.#store.after(delay, () => this.#work(name))
  }

  #work(name: string): void {
    const found = this.#find(name)
    if (!found) return
    if (found.metadata.deletionTimestamp) this.#empty(found)
    else this.#acceptNames(found)
  }

  /** Brings the kinds that clients may use in line with a definition. */
  #serve(name: string, definition: CustomResourceDefinition | undefined): void {
    const before = this.#served.get(name)
    if (!definition || !isTrue(definition, 'Established')) {
      if (!before) return
      this.#served.delete(name)
      this.#store.storage.redefine(before.kinds, [])
      return
    }
    const { metadata, spec, status } = definition
    const source = JSON.stringify([spec, status?.acceptedNames, metadata.deletionTimestamp])
    if (before?.source === source) return
    const kinds = customKinds(definition)
    this.#served.set(name, { source, kinds })
    this.#store.storage.redefine(before?.kinds ?? [], kinds)
  }

  #acceptNames(definition: CustomResourceDefinition): void {
    const { spec, status } = definition
    const { names, refusal } = this.#acceptable(definition)
    const accepted: DefinitionCondition = refusal
      ? { type: 'NamesAccepted', status: 'False', reason: refusal.reason, message: refusal.message }
      : { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' }
    const isEstablished = isTrue(definition, 'Established')
    const established: DefinitionCondition = refusal
      ? { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' }
      : {
          type: 'Established',
          status: isTrue(definition, 'NamesAccepted') ? 'True' : 'False',
          reason: isTrue(definition, 'NamesAccepted') ? 'InitialNamesAccepted' : 'Installing',
          message: 'the initial names have been accepted',
        }
    const conditions = isProtectedGroup(spec.group) ? [approvalOf(definition), accepted] : [accepted]
    this.#report(definition, isEstablished ? conditions : [...conditions, established], names, status?.storedVersions)
  }

  /** The names that a definition may have, and why it may not have the others. */
  #acceptable({ metadata, spec, status }: CustomResourceDefinition): {
    readonly names: DefinitionNames
    readonly refusal?: { readonly reason: string; readonly message: string }
  } {
    const others = this.#all()
      .filter(other => other.metadata.name !== metadata.name && other.spec.group === spec.group)
      .flatMap(other => (other.status?.acceptedNames ? [other.status.acceptedNames] : []))
    const resources = new Set(
      others.flatMap(({ plural, singular, shortNames = [] }) => [plural, singular, ...shortNames]),
    )
    const kinds = new Set(others.flatMap(({ kind, listKind }) => [kind, listKind]))
    const names: DefinitionNames = { ...(status?.acceptedNames ?? { plural: '', kind: '' }) }
    let refusal: { reason: string; message: string } | undefined
    const claim = (field: 'plural' | 'singular' | 'kind' | 'listKind', taken: ReadonlySet<string | undefined>) => {
      const name = spec.names[field]
      if (name === undefined) return
      if (!taken.has(name)) names[field] = name
      else
        refusal = {
          reason: `${field[0]!.toUpperCase()}${field.slice(1)}Conflict`,
          message: `${JSON.stringify(name)} is already in use`,
        }
    }
    claim('plural', resources)
    claim('singular', resources)
    const taken = spec.names.shortNames?.filter(name => resources.has(name)) ?? []
    if (taken.length > 0)
      refusal = {
        reason: 'ShortNamesConflict',
        message: taken.map(name => `${JSON.stringify(name)} is already in use`).join(', '),
      }
    else if (spec.names.shortNames) names.shortNames = spec.names.shortNames
    else delete names.shortNames
    claim('kind', kinds)
    claim('listKind', kinds)
    if (spec.names.categories) names.categories = spec.names.categories
    else delete names.categories
    return refusal ? { names, refusal } : { names }
  }

  /** Deletes the objects of a definition that is being deleted, and lets it go when none is left. */
  #empty(definition: CustomResourceDefinition): void {
    const { name, finalizers = [] } = definition.metadata
    if (!finalizers.includes(cleanupFinalizer)) return
    const { storage } = this.#store
    const kind = this.#served.get(name)?.kinds[0]
    const objects = kind ? Array.from(storage.collection(kind).entries(), entry => entry.object) : []
    if (kind && objects.length > 0) {
      this.#terminate(definition, 'True', 'InstanceDeletionInProgress', 'CustomResource deletion is in progress')
      for (const { metadata } of objects)
        if (!metadata.deletionTimestamp) this.#store.delete(kind, metadata.namespace, metadata.name, {}, writer)
      if (storage.collection(kind).size > 0) {
        this.#later(name, patience)
        return
      }
    }
    this.#terminate(definition, 'False', 'InstanceDeletionCompleted', 'removed all instances')
    this.#store.update(definitionKind, undefined, name, current => withoutFinalizer(current), writer)
  }

  #terminate(definition: CustomResourceDefinition, status: string, reason: string, message: string): void {
    const { acceptedNames, storedVersions } = definition.status ?? {}
    const condition = { type: 'Terminating', status, reason, message }
    this.#report(definition, [condition], acceptedNames, storedVersions)
  }

  #report(
    { metadata }: CustomResourceDefinition,
    conditions: readonly DefinitionCondition[],
    acceptedNames: DefinitionNames | undefined,
    storedVersions: string[] | undefined,
  ): void {
    const current = this.#find(metadata.name)
    if (!current) return
    const status = {
      ...(acceptedNames && { acceptedNames }),
      conditions: withConditions(current.status?.conditions ?? [], conditions, this.#store.timestamp),
      ...(storedVersions && { storedVersions }),
    }
    if (isEqual(status, current.status)) return
    const change = () => ({ ...current, status }) as KubernetesObject
    this.#store.update(definitionKind, undefined, metadata.name, change, writer, 'status')
  }

  #find(name: string): CustomResourceDefinition | undefined {
    return this.#store.find(definitionKind, undefined, name) as CustomResourceDefinition | undefined
  }

  #all(): CustomResourceDefinition[] {
    const entries = this.#store.storage.collection(definitionKind).entries()
    return Array.from(entries, entry => entry.object as CustomResourceDefinition)
  }
}

function approvalOf({ metadata }: CustomResourceDefinition): DefinitionCondition {
  const type = 'KubernetesAPIApprovalPolicyConformant'
  const value = metadata.annotations?.['api-approved.kubernetes.io'] ?? ''
  if (!value.startsWith('unapproved'))
    return { type, status: 'True', reason: 'ApprovedAnnotation', message: `approved in ${value}` }
  const message = `not approved: ${JSON.stringify(value)}`
  return { type, status: 'False', reason: 'UnapprovedAnnotation', message }
}

function withoutFinalizer(object: KubernetesObject): KubernetesObject {
  const finalizers = object.metadata.finalizers?.filter(finalizer => finalizer !== cleanupFinalizer) ?? []
  return { ...object, metadata: { ...object.metadata, finalizers } }
}

/** Conditions keep their place, and their time while their status stays. */
function withConditions(
  before: readonly DefinitionCondition[],
  changes: readonly DefinitionCondition[],
  now: string,
): DefinitionCondition[] {
  const conditions = [...before]
  for (const change of changes) {
    const index = conditions.findIndex(({ type }) => type === change.type)
    const old = conditions[index]
    const lastTransitionTime = old?.status === change.status ? old.lastTransitionTime! : now
    const condition = { lastTransitionTime, ...change }
    if (index < 0) conditions.push(condition)
    else conditions[index] = condition
  }
  return conditions
}
