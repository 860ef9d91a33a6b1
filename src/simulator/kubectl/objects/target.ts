import type { AnyObject } from '../server/object.ts'
import { kindName, type Resource } from '../server/resource.ts'

/** One object that a verb works on. */
export interface Target {
  readonly resource: Resource
  /** Undefined for kinds that live outside namespaces. */
  readonly namespace: string | undefined
  readonly name: string
  /** As it stands in the manifest, or as the server has it. */
  readonly object: AnyObject
  /** The file it comes from, if it comes from one. */
  readonly source?: string
}

/** An object that is known by name only. */
export type Reference = Omit<Target, 'object'>

/** `deployment.apps/web`. */
export function nameOf({ resource, name }: Reference): string {
  return `${kindName(resource)}/${name}`
}
