import { Failure } from '../failure.ts'
import { visit } from './fieldPath.ts'
import { replicas as replicaFields } from './fieldSpecs.ts'
import type { Replica } from './kustomization.ts'
import type { Transformer } from './patching.ts'
import { formatGvk, isSelected } from './resourceId.ts'

/** An entry of `replicas`: how many pods the workload of a name has. */
export function replicaTransformer({ name = '', count = 0 }: Replica): Transformer {
  return resources => {
    let isFound = false
    for (const spec of replicaFields) {
      for (const resource of resources) {
        if (!resource.ids.some(id => id.name === name && isSelected(id, spec))) continue
        isFound = true
        visit(resource, spec, 0, place => place.set(count))
      }
    }
    if (isFound) return
    const kinds = replicaFields.map(({ kind = '' }) => formatGvk({ group: '', version: '', kind })).join(' ')
    throw new Failure(`resource with name ${name} does not match a config with the following GVK [${kinds}]`)
  }
}
