import type { AnyObject } from '../server/object.ts'

/** Two states of a secret with stars instead of values; where a value differs, the stars say which state it is. */
export function maskSecrets(before: AnyObject | undefined, after: AnyObject): [AnyObject | undefined, AnyObject] {
  const old = (before?.['data'] ?? {}) as Record<string, string>
  const current = (after['data'] ?? {}) as Record<string, string>
  const mask = (data: Record<string, string>, other: Record<string, string>, suffix: string) =>
    Object.fromEntries(
      Object.keys(data).map(key => [
        key,
        other[key] === undefined || other[key] === data[key] ? '***' : `*** (${suffix})`,
      ]),
    )
  const withData = (object: AnyObject, data: Record<string, string>): AnyObject =>
    object['data'] ? { ...object, data } : object
  return [before && withData(before, mask(old, current, 'before')), withData(after, mask(current, old, 'after'))]
}
