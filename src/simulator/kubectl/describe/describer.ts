import type { KubernetesObject } from '../../cluster/api/object.ts'
import type { Invocation } from '../invocation.ts'
import { readQuery } from '../objects/selection.ts'
import type { AnyList, AnyObject } from '../server/object.ts'
import { apiVersionOf } from '../server/resource.ts'
import type { Description } from './description.ts'
import { describeEvents } from './events.ts'

/** How one kind is described. Adding a description means writing one of these. */
export interface Describer<T = AnyObject> {
  readonly group: string
  readonly kind: string
  describe(object: T, view: View): void | Promise<void>
}

/** Gives a describer its kind's type for the compiler. */
export function defineDescriber<T>(describer: Describer<T>): Describer {
  return describer as unknown as Describer
}

/** What to look for among the objects of a type. */
export interface Search {
  readonly namespace?: string | undefined
  readonly selector?: string
  readonly fieldSelector?: string
}

/** What a description writes to, and what it may look at besides its object. */
export class View {
  readonly text: Description
  readonly #invocation: Invocation
  readonly #showsEvents: boolean

  constructor(text: Description, invocation: Invocation, showsEvents: boolean) {
    this.text = text
    this.#invocation = invocation
    this.#showsEvents = showsEvents
  }

  /** Wall-clock time in milliseconds since 1970. */
  get now(): number {
    return this.#invocation.now
  }

  /** The objects of a type that match. */
  async list<T = AnyObject>(type: string, { namespace, selector = '', fieldSelector = '' }: Search = {}): Promise<T[]> {
    const resource = (await this.#invocation.resources()).named(type)
    const query = { resource, namespace, selector, fieldSelector }
    const { items } = await readQuery<AnyList>(this.#invocation.api, query)
    return items.map(item => ({ ...item, apiVersion: apiVersionOf(resource), kind: resource.kind })) as T[]
  }

  /** An object by its name; throws a `Failure` where there is none. */
  async get<T = AnyObject>(type: string, namespace: string | undefined, name: string): Promise<T> {
    const resource = (await this.#invocation.resources()).named(type)
    return (await this.#invocation.api.get(resource, namespace, name)) as T
  }

  /** Writes the events about an object, where they are wanted. */
  async events(object: KubernetesObject | AnyObject, uids?: readonly string[]): Promise<void> {
    if (!this.#showsEvents) return
    const { name = '', namespace, uid = '' } = object.metadata
    const found = []
    for (const each of uids ?? [uid]) {
      const fields = [
        `involvedObject.name=${name}`,
        ...(namespace ? [`involvedObject.namespace=${namespace}`] : []),
        ...(object.kind === 'Pod' ? [] : [`involvedObject.kind=${object.kind}`]),
        ...(each ? [`involvedObject.uid=${each}`] : []),
      ]
      found.push(...(await this.list('events', { namespace, fieldSelector: fields.join(',') })))
    }
    describeEvents(found, this.text, this.now)
  }
}
