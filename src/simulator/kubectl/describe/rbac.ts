import type { PolicyRule, RoleRef, Subject } from 'kubernetes-types/rbac/v1'
import type { KubernetesObject } from '../../cluster/api/object.ts'
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
  text.header(['Resources', 'Non-Resource URLs', 'Resource Names', 'Verbs'])
  for (const { resource, urls, names, verbs } of compact(rules ?? [])) {
    text.row([resource, `[${urls.join(' ')}]`, `[${names.join(' ')}]`, `[${verbs.join(' ')}]`])
  }
}

interface Line {
  readonly resource: string
  readonly urls: readonly string[]
  readonly names: readonly string[]
  readonly verbs: string[]
}

/** Breaks rules up by resource and puts the verbs of each together again. */
function compact(rules: readonly PolicyRule[]): Line[] {
  const lines = new Map<string, Line>()
  const add = (line: Omit<Line, 'verbs'>, verbs: readonly string[]) => {
    const key = JSON.stringify(line)
    const known = lines.get(key) ?? { ...line, verbs: [] }
    known.verbs.push(...verbs.filter(verb => !known.verbs.includes(verb)))
    lines.set(key, known)
  }
  for (const { apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [], verbs } of rules) {
    for (const group of apiGroups) {
      for (const resource of resources) {
        for (const name of resourceNames.length > 0 ? resourceNames : [undefined]) {
          add({ resource: qualified(resource, group), urls: [], names: name === undefined ? [] : [name] }, verbs)
        }
      }
    }
    for (const url of nonResourceURLs) add({ resource: '', urls: [url], names: [] }, verbs)
  }
  return [...lines.values()].sort((a, b) => compare(sortKey(a), sortKey(b)))
}

function sortKey({ resource, urls, names }: Line): string {
  return [resource, urls.join(), names.join()].join('\0')
}

function qualified(resource: string, group: string): string {
  const [name, ...rest] = resource.split('/')
  return [group ? `${name}.${group}` : name, ...rest].join('/')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
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
