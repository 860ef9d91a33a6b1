import { type FieldSpec, visit } from './fieldPath.ts'
import { commonAnnotations, commonLabels, objectLabels, templateLabels } from './fieldSpecs.ts'
import type { Label } from './kustomization.ts'
import type { Transformer } from './patching.ts'

type Pairs = Readonly<Record<string, string>>

/** What an entry of `labels` says. */
export function labelTransformer({ pairs = {}, includeSelectors, includeTemplates, fields = [] }: Label): Transformer {
  const usual = includeSelectors ? commonLabels : includeTemplates ? templateLabels : [objectLabels]
  return setPairs(pairs, [...(fields as FieldSpec[]), ...usual])
}

/** `commonLabels`: on objects, on the pods they make, and in selectors. */
export function commonLabelTransformer(pairs: Pairs): Transformer {
  return setPairs(pairs, commonLabels)
}

/** `commonAnnotations`. */
export function annotationTransformer(pairs: Pairs): Transformer {
  return setPairs(pairs, commonAnnotations)
}

/** Sets labels on the objects themselves only. */
export function objectLabelTransformer(pairs: Pairs): Transformer {
  return setPairs(pairs, [objectLabels])
}

function setPairs(pairs: Pairs, specs: readonly FieldSpec[]): Transformer {
  return resources => {
    if (Object.keys(pairs).length === 0) return
    for (const resource of resources) {
      for (const spec of specs) {
        visit(resource, spec, {}, place => Object.assign(place.value as Record<string, string>, pairs))
      }
    }
  }
}
