import type { FieldError } from '../../../simulator/cluster/api/fieldError.ts'
import { validateMetadata, validateMetadataUpdate } from '../../../simulator/cluster/api/metadata.ts'
import { checkDns1123Subdomain } from '../../../simulator/cluster/api/names.ts'
import type { KubernetesObject } from '../../../simulator/cluster/api/object.ts'
import type { Kind } from '../../../simulator/cluster/kinds/kind.ts'
import { validatePodSpec } from '../../../simulator/cluster/kinds/pods/podSpec.ts'
import { kinds } from '../../../simulator/cluster/kinds/registry.ts'
import { type Area, difference, type Outcome } from '../area.ts'
import { renewed } from './validationReleases.ts'

const file = 'kubectl/tables/validation.ndjson'

/** An object and what the validation of Kubernetes' own unit tests says of it. */
export interface ValidationRow {
  readonly id: string
  readonly test: string
  readonly case: string | null
  readonly kind: string
  readonly errors: readonly { readonly type: string; readonly field: string; readonly error: string }[]
  readonly object: KubernetesObject
  readonly oldObject?: KubernetesObject
}

/** Objects right and wrong, and the field errors of each. */
export const validation: Area = {
  name: 'tables/validation',
  needs: [file],
  *cases(corpora) {
    for (const row of corpora.lines<ValidationRow>(file))
      yield { name: `${row.id} ${row.test} ${row.case ?? ''}`, run: () => compareRow(row) }
  },
}

function compareRow(row: ValidationRow): Outcome {
  const { object, oldObject, expected, releases, unanswered } = renewed(row)
  if (unanswered !== undefined) return { unanswered }
  // An object may break the same rule in two places that both look at it.
  const firstLine = (text: string) => text.replace(/\n[\s\S]*$/, '')
  const lines = (errors: readonly string[]) => [...new Set(errors.map(firstLine))].sort().join('\n')
  const [wanted, got] = [lines(expected), lines(errorsOf({ ...row, object, ...(oldObject && { oldObject }) }))]
  if (wanted !== got) return difference(wanted, got)
  return releases.length === 0 ? undefined : { release: releases.join('; ') }
}

function errorsOf({ kind: name, object, oldObject }: ValidationRow): string[] {
  if (name === 'PodSpec') {
    const errors: FieldError[] = []
    validatePodSpec(object as never, 'field', errors)
    return textsOf(errors)
  }
  const kind = kinds.find(each => each.kind === name && (each.group !== 'extensions' || name !== 'Ingress'))
  if (!kind) return [`no kind called ${name}`]
  const checkName = kind.checkName ?? checkDns1123Subdomain
  const errors = oldObject
    ? [...validateMetadataUpdate(object.metadata, oldObject.metadata), ...validationOf(kind, object)]
    : [...validateMetadata(object.metadata, kind.namespaced, checkName), ...validationOf(kind, object)]
  if (oldObject) errors.push(...(kind.validateUpdate?.(object, oldObject) ?? []))
  else errors.push(...(kind.validateCreate?.(object) ?? []))
  return textsOf(errors)
}

function validationOf(kind: Kind, object: KubernetesObject): FieldError[] {
  return kind.validate?.(object) ?? []
}

function textsOf(errors: readonly FieldError[]): string[] {
  return errors.map(({ field, body }) => `${field}: ${body}`)
}
