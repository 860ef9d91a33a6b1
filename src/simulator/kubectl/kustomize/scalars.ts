import { resolveScalar } from '../yaml/resolve.ts'
import type { Token } from '../yaml/scanner.ts'

const infinities = /^[-+]?\.(inf|Inf|INF)$|^\.(nan|NaN|NAN)$/

/** What a scalar in a resource means: kustomize reads resources with go-yaml v3, by whose rules `yes` is text. */
export function resolveResourceScalar(text: string, tag: Token | undefined, isPlain: boolean): unknown {
  if (tag || !isPlain) return resolveScalar(text, tag, isPlain)
  if (/^(y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/.test(text)) return text
  if (infinities.test(text)) return resolveScalar(text, tag, isPlain)
  return timestamp(text) ?? resolveScalar(text, tag, isPlain)
}

/** Dates and times become text of one form. */
function timestamp(text: string): string | undefined {
  const parts =
    /^(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt](?=.*(?:Z|[-+]\d\d:\d\d)$)| )(\d\d?):(\d\d?):(\d\d?)(\.\d+)?(Z|[-+]\d\d:\d\d)?)?$/.exec(
      text,
    )
  if (!parts || (text[10] === ' ' && parts[8])) return undefined
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map(i => (parts[i] ?? '0').padStart(2, '0'))
  const written = `${year}-${month}-${day}T${hour}:${minute}:${second}`
  if (Number.isNaN(Date.parse(`${written}Z`))) return undefined
  return `${written}${(parts[7] ?? '').replace(/\.?0*$/, '')}${parts[8] ?? 'Z'}`
}
