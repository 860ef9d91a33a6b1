import { copyOf } from '../../cluster/api/copy.ts'
import type { AnyObject } from '../server/object.ts'
import { idOf, type ResourceId } from './resourceId.ts'

/** What happens to a generated resource when there is one of its name already. */
export type Behavior = 'unspecified' | 'create' | 'replace' | 'merge'

/** An object on its way through a build, and what it was called at each step. */
export class Resource {
  object: AnyObject
  /** The identities it has had, the first one first. */
  readonly previousIds: ResourceId[] = []
  readonly prefixes: string[] = []
  readonly suffixes: string[] = []
  needsHash = false
  behavior: Behavior = 'unspecified'

  constructor(object: AnyObject) {
    this.object = object
  }

  get id(): ResourceId {
    return idOf(this.object)
  }

  /** Every identity that it has or had. */
  get ids(): ResourceId[] {
    return [...this.pastIds, this.id]
  }

  /** The identities it had; group and version are always those of today. */
  get pastIds(): ResourceId[] {
    const { group, version } = this.id
    return this.previousIds.map(id => ({ ...id, group, version }))
  }

  get originalId(): ResourceId {
    return this.pastIds[0] ?? this.id
  }

  get name(): string {
    return this.id.name
  }

  get namespace(): string {
    return this.id.namespace
  }

  /** Remembers the present identity, before something of it changes. */
  rememberId(): void {
    this.previousIds.push(this.id)
  }

  rename(name: string): void {
    this.object.metadata.name = name
  }

  copy(): Resource {
    const copy = new Resource(copyOf(this.object))
    copy.takeHistoryOf(this)
    copy.needsHash = this.needsHash
    copy.behavior = this.behavior
    return copy
  }

  /** Takes over what another resource was called, where this one stands in for it. */
  takeHistoryOf(other: Resource): void {
    this.previousIds.unshift(...other.previousIds)
    this.prefixes.unshift(...other.prefixes)
    this.suffixes.unshift(...other.suffixes)
  }
}
