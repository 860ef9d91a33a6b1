import type { PolicyRule, RoleRef, Subject } from 'kubernetes-types/rbac/v1'
import type { KubernetesObject } from '../../cluster/api/object.ts'
import { policyCells, policyLines, policyTitles } from '../objects/policyRules.ts'
import type { View } from './describer.ts'

/** A role of either scope. */
export type Role = KubernetesObject & { readonly rules?: readonly PolicyRule[] | null }

/** A binding of either scope. */
export type Binding = KubernetesObject & { readonly roleRef: RoleRef; readonly subjects?: readonly Subject[] }

/** Writes what a role allows, one line for each resource. */
export function describeRole({ metadata, rules }: Role, { text }: View): void {
  text.field('Name', metadata.name)
  text.labels('Labels', metadata.labels)
  text.annotations(metadata.annotations)
  text.heading('PolicyRule')
  text.header(policyTitles)
  for (const line of policyLines(rules ?? [])) text.row(policyCells(line))
}

/** Writes who has which role. */
export function describeBinding({ metadata, roleRef, subjects = [] }: Binding, { text }: View): void {
  text.field('Name', metadata.name)
  text.labels('Labels', metadata.labels)
  text.annotations(metadata.annotations)
  text.heading('Role')
  text.field('Kind', roleRef.kind, 1)
  text.field('Name', roleRef.name, 1)
  text.heading('Subjects')
  text.header(['Kind', 'Name', 'Namespace'])
  for (const { kind, name, namespace = '' } of subjects) text.row([kind, name, namespace])
}
