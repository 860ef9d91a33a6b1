import type { PolicyRule } from 'kubernetes-types/rbac/v1'

/** What some rules allow for one resource or one address, as kubectl lists it. */
export interface PolicyLine {
  readonly resource: string
  readonly urls: readonly string[]
  readonly names: readonly string[]
  readonly verbs: readonly string[]
}

type Part = Required<Pick<PolicyRule, 'apiGroups' | 'resources' | 'resourceNames' | 'nonResourceURLs' | 'verbs'>>

/** Breaks rules up by resource and puts the verbs of each together again, in kubectl's order. */
export function policyLines(rules: readonly PolicyRule[]): PolicyLine[] {
  return compact(rules.flatMap(parts))
    .map(part => ({ part, text: goText(part) }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ part }) => ({
      resource: part.resources.map(resource => qualified(resource, part.apiGroups[0] ?? '')).join(),
      urls: part.nonResourceURLs,
      names: part.resourceNames,
      verbs: part.verbs,
    }))
}

/** A line in the table of rules. */
export function policyCells({ resource, urls, names, verbs }: PolicyLine): string[] {
  return [resource, `[${urls.join(' ')}]`, `[${names.join(' ')}]`, `[${verbs.join(' ')}]`]
}

/** The titles of the table of rules. */
export const policyTitles = ['Resources', 'Non-Resource URLs', 'Resource Names', 'Verbs']

function parts({
  apiGroups = [],
  resources = [],
  resourceNames = [],
  nonResourceURLs = [],
  verbs,
}: PolicyRule): Part[] {
  const empty = { apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: [], verbs }
  return [
    ...apiGroups.flatMap(group =>
      resources.flatMap(resource =>
        (resourceNames.length > 0 ? resourceNames.map(name => [name]) : [[]]).map(names => ({
          ...empty,
          apiGroups: [group],
          resources: [resource],
          resourceNames: names,
        })),
      ),
    ),
    ...nonResourceURLs.map(url => ({ ...empty, nonResourceURLs: [url] })),
  ]
}

/** Rules for the same resource become one; addresses stay as they are, even twice. */
function compact(all: readonly Part[]): Part[] {
  const known = new Map<string, Part>()
  const result: Part[] = []
  for (const part of all) {
    const { verbs, ...rest } = part
    const key = part.resources.length > 0 ? JSON.stringify(rest) : undefined
    const same = key === undefined ? undefined : known.get(key)
    if (same) same.verbs.push(...verbs.filter(verb => !same.verbs.includes(verb)))
    else {
      const fresh = { ...part, verbs: [...verbs] }
      if (key !== undefined) known.set(key, fresh)
      result.push(fresh)
    }
  }
  return result
}

/** Rules are sorted by the text that Go makes of them, verbs first. */
function goText({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: Part): string {
  const list = (items: readonly string[]) => `[${items.join(' ')}]`
  return `&PolicyRule{Verbs:${list(verbs)},APIGroups:${list(apiGroups)},Resources:${list(resources)},ResourceNames:${list(resourceNames)},NonResourceURLs:${list(nonResourceURLs)},}`
}

function qualified(resource: string, group: string): string {
  const [name, ...rest] = resource.split('/')
  return [group ? `${name}.${group}` : name, ...rest].join('/')
}
