import type { Transformer } from './patching.ts'
import { isSelected, type ResourceId } from './resourceId.ts'

/** Kinds whose names must stay as they are. */
const fixed = [
  { kind: 'CustomResourceDefinition' },
  { group: 'apiregistration.k8s.io', kind: 'APIService' },
  { kind: 'Namespace' },
]

function isFixed(id: ResourceId): boolean {
  return fixed.some(each => isSelected(id, each))
}

/** `namePrefix`. */
export function prefixTransformer(prefix: string): Transformer {
  return resources => {
    if (prefix === '') return
    for (const resource of resources) {
      if (isFixed(resource.originalId)) continue
      resource.prefixes.push(prefix)
      resource.rememberId()
      resource.rename(`${prefix}${resource.name}`)
    }
  }
}

/** `nameSuffix`. */
export function suffixTransformer(suffix: string): Transformer {
  return resources => {
    if (suffix === '') return
    for (const resource of resources) {
      if (isFixed(resource.originalId)) continue
      resource.suffixes.push(suffix)
      resource.rememberId()
      resource.rename(`${resource.name}${suffix}`)
    }
  }
}
