import type { Cause } from './cause.ts'
import { looksFor } from './look.ts'
import { pathText } from './pathText.ts'
import type { Answer } from './trace.ts'
import type { Words } from './words.ts'

/** An answer as people read it; with the reason when asked for. */
export function textOf(answer: Answer, words: Words, hasWhy: boolean): string {
  const { from, to, protocol, path, found, cause } = answer
  const verdict = path && cause.kind !== 'nameServerSilent' ? words.verdict[path.verdict] : words.verdict.unanswered
  const lines = [`${from} → ${to} (${protocol}): ${verdict}`]
  if (found) lines.push(words.nameFound(found.name, found.address, found.servers.join(', ')))
  // Without a path the reason is all there is to say.
  const isSaid = hasWhy || !path || cause.kind === 'nameServerSilent'
  if (!path && cause.kind !== 'nameUnknown') lines.push(words.noPacket)
  const why = isSaid ? `\n${words.why}\n${reasonOf(answer, words)}` : ''
  return `${lines.join('\n')}\n${path ? pathText(path, words) : ''}${why}`
}

function reasonOf({ cause, deeper, path }: Answer, words: Words): string {
  const end = path?.stops.find(({ kind }) => kind === 'drop' || kind === 'reject' || kind === 'expire')
  const causes = deeper ? [cause, deeper] : [cause]
  return causes
    .map(each => {
      const looks = looksFor(each, end?.place).map(command => `  ${words.look}: ${command}\n`)
      return `  ${causeText(each, words)}\n${looks.join('')}`
    })
    .join('')
}

function causeText(cause: Cause, words: Words): string {
  const say = words.cause[cause.kind] as (facts: Cause) => string
  return say(cause)
}

/** An answer as programs read it: all facts, and the reason as a fact and in words. */
export function jsonOf(answer: Answer, words: Words): string {
  const { path, cause, deeper, found, ...ends } = answer
  const document = {
    ...ends,
    verdict: path?.verdict ?? 'unanswered',
    ...(found ? { name: found } : {}),
    why: { ...cause, text: causeText(cause, words) },
    ...(deeper ? { deeper: { ...deeper, text: causeText(deeper, words) } } : {}),
    ...(path ? { packet: { from: path.from, to: path.to } } : {}),
    hops: path?.stops ?? [],
  }
  return `${JSON.stringify(document, null, 2)}\n`
}
