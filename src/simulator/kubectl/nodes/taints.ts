import type { Taint } from 'kubernetes-types/core/v1'
import { checkLabelValue, checkQualifiedName } from '../../cluster/api/names.ts'
import { Failure } from '../failure.ts'

/** What a command line does to the taints of a node. */
export interface TaintChanges {
  readonly added: readonly Taint[]
  /** An empty effect stands for all of them. */
  readonly removed: readonly Taint[]
}

/** Reads `key=value:Effect`, `key:Effect-` and `key-`. */
export function parseTaints(specs: readonly string[]): TaintChanges {
  const added: Taint[] = []
  const removed: Taint[] = []
  for (const spec of specs) {
    if (spec.endsWith('-')) {
      const { key, effect } = parseTaint(spec.slice(0, -1))
      removed.push({ key, effect })
      continue
    }
    const taint = parseTaint(spec)
    if (!taint.effect) throw new Failure(`invalid taint spec: ${spec}`)
    if (added.some(other => isSame(other, taint))) {
      throw new Failure(`duplicated taints with the same key and effect: ${formatTaint(taint)}`)
    }
    added.push(taint)
  }
  return { added, removed }
}

function parseTaint(spec: string): Taint {
  const [words = '', effect, ...more] = spec.split(':')
  const [key = '', value, ...rest] = effect === undefined ? [words] : words.split('=')
  if (effect !== undefined && !/^(NoSchedule|PreferNoSchedule|NoExecute)$/.test(effect)) {
    throw new Failure(`invalid taint effect: ${effect}, unsupported taint effect`)
  }
  if (more.length > 0 || rest.length > 0) throw new Failure(`invalid taint spec: ${spec}`)
  const problems = [...(value === undefined ? [] : checkLabelValue(value)), ...checkQualifiedName(key)]
  if (problems.length > 0) throw new Failure(`invalid taint spec: ${spec}, ${problems.join('; ')}`)
  return { key, ...(value && { value }), effect: effect ?? '' }
}

/** The key, value and effect of a taint in one word, as far as it has them. */
export function formatTaint({ key, value, effect }: Taint): string {
  if (!effect) return value ? `${key}=${value}:` : key
  return `${key}${value ? `=${value}` : ''}:${effect}`
}

/** The keys that a node has already with the effects to be added. */
export function presentKeys(before: readonly Taint[], { added }: TaintChanges): string[] {
  return added.flatMap(taint => before.filter(old => isSame(old, taint)).map(() => taint.key))
}

/** The taints after the changes, what has been done, and what was to be removed but is not there. */
export function changeTaints(
  before: readonly Taint[],
  { added, removed }: TaintChanges,
  overwrites: boolean,
): { taints: Taint[]; operation: string; problems: Failure[] } {
  let taints = [...added, ...before.filter(old => !added.some(taint => isSame(taint, old)))]
  const hasAdded = taints.length !== before.length
  const problems: Failure[] = []
  let hasRemoved = false
  for (const taint of removed) {
    const left = taints.filter(
      ({ key, effect }) => key !== taint.key || (taint.effect !== '' && effect !== taint.effect),
    )
    hasRemoved = left.length < taints.length
    if (!hasRemoved) problems.push(new Failure(`taint ${JSON.stringify(formatTaint(taint))} not found`))
    taints = left
  }
  if ((hasAdded && hasRemoved) || overwrites) return { taints, operation: 'modified', problems }
  return { taints, operation: hasAdded ? 'tainted' : 'untainted', problems }
}

function isSame(a: Taint, b: Taint): boolean {
  return a.key === b.key && a.effect === b.effect
}
