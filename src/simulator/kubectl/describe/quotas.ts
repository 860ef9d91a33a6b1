import type { LimitRangeSpec } from 'kubernetes-types/core/v1'
import type { LimitRange } from '../../cluster/kinds/limitRange.ts'
import type { ResourceQuota } from '../../cluster/kinds/resourceQuota.ts'
import type { Description } from './description.ts'

const scopeHelp: Readonly<Record<string, string>> = {
  Terminating:
    'Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated by the system.',
  NotTerminating:
    'Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not expected to terminate.',
  BestEffort:
    'Matches all pods that do not have resource requirements set. These pods have a best effort quality of service.',
  NotBestEffort:
    'Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service.',
}

/** Writes all quotas of a namespace. */
export function describeQuotas(quotas: readonly ResourceQuota[], text: Description): void {
  if (quotas.length === 0) return text.line('No resource quota.')
  text.line('Resource Quotas')
  for (const quota of quotas.toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))) {
    text.field('Name', quota.metadata.name, 1)
    describeScopes(quota, text, 1, '* ')
    text.header(['Resource', 'Used', 'Hard'], 1, ['--------', '---', '---'])
    describeAmounts(quota, text, 1)
  }
}

/** Writes the scopes of a quota and what they mean. */
export function describeScopes({ spec }: ResourceQuota, text: Description, level: number, bullet: string): void {
  const scopes = (spec?.scopes ?? []).toSorted()
  if (scopes.length === 0) return
  text.field('Scopes', scopes.join(', '), level)
  for (const scope of scopes) if (scopeHelp[scope]) text.line(`${bullet}${scopeHelp[scope]}`, level)
}

/** Writes what is used and what is allowed. */
export function describeAmounts({ status }: ResourceQuota, text: Description, level: number): void {
  const { hard = {}, used = {} } = status ?? {}
  for (const name of Object.keys(hard).sort()) text.row([name, used[name] ?? '0', hard[name]], level)
}

/** Writes all limits of a namespace. */
export function describeLimits(ranges: readonly LimitRange[], text: Description): void {
  if (ranges.length === 0) return text.line('No LimitRange resource.')
  text.line('Resource Limits')
  writeLimitHeader(text, ' ')
  for (const { spec } of ranges) if (spec) describeLimitSpec(spec, text, ' ')
}

/** Writes the header of a table of limits. */
export function writeLimitHeader(text: Description, indent = ''): void {
  const names = ['Type', 'Resource', 'Min', 'Max', 'Default Request', 'Default Limit', 'Max Limit/Request Ratio']
  text.line(indent + names.join('\t'))
  text.line(indent + names.map(name => '-'.repeat(name.length)).join('\t'))
}

/** Writes a line for each resource that a limit speaks of. */
export function describeLimitSpec({ limits }: LimitRangeSpec, text: Description, indent = ''): void {
  for (const item of limits) {
    const columns = [item.min, item.max, item.defaultRequest, item.default, item.maxLimitRequestRatio]
    const names = new Set(columns.flatMap(column => Object.keys(column ?? {})))
    for (const name of [...names].sort()) {
      text.line([`${indent}${item.type}`, name, ...columns.map(column => column?.[name] ?? '-')].join('\t'))
    }
  }
}
