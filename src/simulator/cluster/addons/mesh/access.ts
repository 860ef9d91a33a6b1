import type { AccessPolicy, AccessRule } from './settings.ts'

/** What policies look at. */
export interface AccessFacts {
  readonly identity: string | undefined
  readonly method: string | undefined
  readonly path: string | undefined
  readonly host: string | undefined
  readonly port: string
}

/** Whether the policies of a workload let a request pass: nobody denies it, and somebody allows it where allowing is asked for. */
export function isAllowed(policies: readonly AccessPolicy[], facts: AccessFacts): boolean {
  const matches = (policy: AccessPolicy) => policy.rules.some(rule => isMeant(rule, facts))
  if (policies.some(policy => policy.action === 'DENY' && matches(policy))) return false
  const allowing = policies.filter(({ action }) => action === 'ALLOW')
  return allowing.length === 0 || allowing.some(matches)
}

function isMeant(rule: AccessRule, { identity, method, path, host, port }: AccessFacts): boolean {
  const principal = identity?.replace('spiffe://', '')
  const namespace = identity === undefined ? undefined : /\/ns\/([^/]+)\//.exec(identity)?.[1]
  return (
    isAmong(rule.identities, principal) &&
    isNotAmong(rule.notIdentities, principal) &&
    isAmong(rule.namespaces, namespace) &&
    isNotAmong(rule.notNamespaces, namespace) &&
    isAmong(rule.methods, method) &&
    isNotAmong(rule.notMethods, method) &&
    isAmong(rule.paths, path) &&
    isNotAmong(rule.notPaths, path) &&
    isAmong(rule.hosts, host) &&
    isAmong(rule.ports, port)
  )
}

function isAmong(wanted: readonly string[] | undefined, given: string | undefined): boolean {
  return wanted === undefined || (given !== undefined && wanted.some(pattern => isLike(pattern, given)))
}

function isNotAmong(unwanted: readonly string[] | undefined, given: string | undefined): boolean {
  return unwanted === undefined || given === undefined || !unwanted.some(pattern => isLike(pattern, given))
}

/** `*` for anything that is there, `abc*`, `*abc`, or the text itself. */
function isLike(pattern: string, given: string): boolean {
  if (pattern === '*') return given !== ''
  if (pattern.endsWith('*')) return given.startsWith(pattern.slice(0, -1))
  return pattern.startsWith('*') ? given.endsWith(pattern.slice(1)) : pattern === given
}
