import { formatJsonLine } from '../../cluster/api/goJson.ts'
import { Failure } from '../failure.ts'
import { sorted } from '../output/json.ts'
import { visit } from './fieldPath.ts'
import { namespaces } from './fieldSpecs.ts'
import type { Transformer } from './patching.ts'
import type { Resource } from './resource.ts'
import { isClusterScoped } from './resourceId.ts'

/** `namespace`: puts everything that can be in a namespace into it, and renames the Namespace itself. */
export function namespaceTransformer(namespace: string): Transformer {
  return resources => {
    if (namespace === '') return
    for (const resource of resources) {
      resource.rememberId()
      if (!isClusterScoped(resource.id)) resource.object.metadata['namespace'] = namespace
      setOfDefaultAccount(resource, namespace)
      for (const spec of namespaces) visit(resource, spec, '', place => place.set(namespace))
      const same = resources.knownAs(resource.id)
      if (same.length !== 1) {
        const shown = same.map(({ object }) => formatJsonLine(sorted(object))).join(' ')
        throw new Failure(`namespace transformation produces ID conflict: [${shown}]`)
      }
    }
  }
}

/** Bindings of the account `default` follow; others are found by name later. */
function setOfDefaultAccount({ object }: Resource, namespace: string): void {
  if (object.kind !== 'RoleBinding' && object.kind !== 'ClusterRoleBinding') return
  for (const subject of (object['subjects'] ?? []) as { name?: string; namespace?: string }[]) {
    if (subject.name === 'default') subject.namespace = namespace
  }
}
