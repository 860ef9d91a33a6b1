import { compactJson } from '../output/printer.ts'
import type { AnyObject } from '../server/object.ts'

const annotation = 'kubectl.kubernetes.io/last-applied-configuration'

/** The annotation in which `kubectl apply` keeps what was applied last. */
export const lastApplied = {
  annotation,

  /** The text for the annotation: the object as the manifest has it, without the annotation itself. */
  textOf(object: AnyObject): string {
    const { [annotation]: _, ...annotations } = object.metadata.annotations ?? {}
    return `${compactJson({ ...object, metadata: { ...object.metadata, annotations } })}\n`
  },

  /** The object with the annotation. */
  added(object: AnyObject): AnyObject {
    const annotations = { ...object.metadata.annotations, [annotation]: lastApplied.textOf(object) }
    return { ...object, metadata: { ...object.metadata, annotations } }
  },

  /** What was applied last, as text; undefined for objects that were never applied. */
  of(object: AnyObject): string | undefined {
    return object.metadata.annotations?.[annotation]
  },

  /** The object with an annotation that is up to date, where it has one. */
  refreshed(object: AnyObject): AnyObject {
    return lastApplied.of(object) === undefined ? object : lastApplied.added(object)
  },
}
