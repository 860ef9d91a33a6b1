import type { World } from './world.ts'

/** A sentence in both languages of the course. */
export interface Words {
  readonly ko: string
  readonly en: string
}

/** What a check found out. A pass and a fail say what was observed; a fail also says what is missing. */
export type Outcome =
  | { readonly state: 'pass'; readonly evidence?: string }
  | { readonly state: 'fail'; readonly reason: Words; readonly evidence?: string }

/** Something that must become true in a lesson. */
export interface Check {
  /** Kebab-case, unique within the lesson. */
  readonly id: string
  readonly title: Words
  readonly points: number
  /** Checks that must pass before this one can say anything. */
  readonly needs?: readonly string[]
  /** From where to look, to what to compare, to what kind of change. Never a line of a solution. */
  readonly hints: readonly Words[]
  /** A probe may run commands and send requests: it always runs in a copy of the learner's lab. */
  probe(world: World): Promise<Outcome> | Outcome
}

/** The result of one check. */
export interface Verdict {
  readonly id: string
  readonly state: 'pass' | 'fail' | 'skipped' | 'error'
  /** Points reached. */
  readonly points: number
  readonly reason?: Words
  readonly evidence?: string
}

export function pass(evidence?: string): Outcome {
  return evidence === undefined ? { state: 'pass' } : { state: 'pass', evidence }
}

export function fail(reason: Words, evidence?: string): Outcome {
  return evidence === undefined ? { state: 'fail', reason } : { state: 'fail', reason, evidence }
}

/** Lists a lesson's checks; an author's mistake in it throws when the lesson is loaded. */
export function defineChecks(checks: readonly Check[]): readonly Check[] {
  const seen = new Set<string>()
  for (const check of checks) {
    if (seen.has(check.id)) throw new Error(`Two checks are called ${check.id}.`)
    for (const need of check.needs ?? [])
      if (!seen.has(need)) throw new Error(`Check ${check.id} needs ${need}, which does not come before it.`)
    seen.add(check.id)
  }
  return checks
}

/**
 * Runs checks in order. One whose needs are unmet is skipped; one that throws is an error: the grader's fault, which
 * never counts as a pass and is never hidden.
 */
export async function runChecks(checks: readonly Check[], world: World): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  const passed = new Set<string>()
  for (const check of checks) {
    const unmet = (check.needs ?? []).some(need => !passed.has(need))
    const verdict = unmet ? { id: check.id, state: 'skipped' as const, points: 0 } : await runCheck(check, world)
    if (verdict.state === 'pass') passed.add(check.id)
    verdicts.push(verdict)
  }
  return verdicts
}

async function runCheck(check: Check, world: World): Promise<Verdict> {
  try {
    const outcome = await check.probe(world)
    const evidence = outcome.evidence === undefined ? {} : { evidence: outcome.evidence }
    if (outcome.state === 'pass') return { id: check.id, state: 'pass', points: check.points, ...evidence }
    return { id: check.id, state: 'fail', points: 0, reason: outcome.reason, ...evidence }
  } catch (error) {
    return { id: check.id, state: 'error', points: 0, evidence: error instanceof Error ? error.message : String(error) }
  }
}
