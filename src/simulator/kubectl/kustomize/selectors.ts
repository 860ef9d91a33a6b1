import { matchesRequirements, parseSelector } from '../../cluster/api/selector.ts'
import { Failure } from '../failure.ts'
import type { Selector } from './kustomization.ts'
import type { Resource } from './resource.ts'
import { effectiveNamespace } from './resourceId.ts'

/** The resources that a selector means: its names and kinds are regular expressions for the whole word. */
export function select(resources: Iterable<Resource>, selector: Selector): Resource[] {
  const { group, version, kind, name, namespace, labelSelector, annotationSelector } = selector
  const [isGroup, isVersion, isKind, isName, isNamespace] = [group, version, kind, name, namespace].map(matcher)
  return [...resources].filter(resource => {
    const { id, originalId, object } = resource
    return (
      (isNamespace!(effectiveNamespace(originalId)) || isNamespace!(effectiveNamespace(id))) &&
      (isName!(originalId.name) || isName!(id.name)) &&
      isGroup!(id.group) &&
      isVersion!(id.version) &&
      isKind!(id.kind) &&
      meets(labelSelector, object.metadata.labels) &&
      meets(annotationSelector, object.metadata.annotations)
    )
  })
}

function matcher(pattern: string | undefined): (text: string) => boolean {
  if (!pattern) return () => true
  let expression: RegExp
  try {
    expression = new RegExp(`^(?:${pattern.replace(/^\^/, '').replace(/\$$/, '')})$`)
  } catch {
    throw new Failure(`error parsing regexp: \`${pattern}\``)
  }
  return text => expression.test(text)
}

function meets(selector: string | undefined, labels: Readonly<Record<string, string>> | undefined): boolean {
  return !selector || matchesRequirements(parseSelector(selector), labels)
}
