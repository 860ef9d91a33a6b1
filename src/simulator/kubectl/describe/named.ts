import type { KubernetesObject } from '../../cluster/api/object.ts'
import { Description } from './description.ts'

/** Begins a description as most kinds do: name, namespace, labels, annotations. */
export function beginDescription({ metadata }: KubernetesObject): Description {
  const text = new Description()
  text.line(0, `Name:\t${metadata.name}`)
  if (metadata.namespace) text.line(0, `Namespace:\t${metadata.namespace}`)
  text.labels(0, metadata.labels)
  text.annotations(metadata.annotations)
  return text
}
