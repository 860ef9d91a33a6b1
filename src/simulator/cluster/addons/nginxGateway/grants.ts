import type { ReferenceGrant } from './types.ts'

/** Something that refers to an object of another namespace. */
export interface CrossReference {
  readonly from: { readonly group: string; readonly kind: string; readonly namespace: string }
  readonly to: { readonly group: string; readonly kind: string; readonly namespace: string; readonly name: string }
}

/** Whether a ReferenceGrant allows it, or none is needed. */
export function isPermitted(grants: readonly ReferenceGrant[], { from, to }: CrossReference): boolean {
  if (from.namespace === to.namespace) return true
  return grants.some(
    ({ metadata, spec }) =>
      metadata.namespace === to.namespace &&
      spec.from.some(
        each => each.group === from.group && each.kind === from.kind && each.namespace === from.namespace,
      ) &&
      spec.to.some(
        each => each.group === to.group && each.kind === to.kind && (each.name === undefined || each.name === to.name),
      ),
  )
}
