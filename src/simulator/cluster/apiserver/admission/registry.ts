import type { Kind } from '../../kinds/kind.ts'
import type { Admission } from './admission.ts'
import { certificateRequester } from './certificateRequester.ts'
import { defaultIngressClass } from './defaultIngressClass.ts'
import { defaultStorageClass } from './defaultStorageClass.ts'
import { defaultTolerations } from './defaultTolerations.ts'
import { limitRanger } from './limitRanger.ts'
import { mutatingPolicies } from './mutatingPolicies.ts'
import { mutatingWebhooks } from './mutatingWebhooks.ts'
import { namespaceLifecycle } from './namespaceLifecycle.ts'
import { newNodeTaint } from './newNodeTaint.ts'
import { podPriority } from './podPriority.ts'
import { quota } from './quota.ts'
import { runtimeClasses } from './runtimeClass.ts'
import { serviceAccountToken } from './serviceAccountToken.ts'
import { validatingPolicies } from './validatingPolicies.ts'
import { validatingWebhooks } from './validatingWebhooks.ts'

/** The plugins in the order in which the real server runs them. */
const all: readonly Admission[] = [
  namespaceLifecycle,
  limitRanger,
  serviceAccountToken,
  newNodeTaint,
  podPriority,
  runtimeClasses,
  defaultTolerations,
  certificateRequester,
  defaultStorageClass,
  defaultIngressClass,
  mutatingPolicies,
  mutatingWebhooks,
  validatingPolicies,
  validatingWebhooks,
  quota,
]

const none: readonly Admission[] = []
// Which plugins look at a kind never changes; it is found out once.
const found = new Map<string, readonly Admission[]>()

export function admissions(kind: Kind, operation: 'create' | 'update' | 'delete'): readonly Admission[] {
  const key = `${kind.group}/${kind.plural}/${operation}`
  let list = found.get(key)
  if (!list) {
    const fitting = all.filter(({ on, handles }) => on.includes(operation) && handles(kind))
    list = fitting.length > 0 ? fitting : none
    found.set(key, list)
  }
  return list
}
