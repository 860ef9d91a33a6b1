import { limitRange } from '../../cluster/kinds/limitRange.ts'
import { namespace } from '../../cluster/kinds/namespace.ts'
import { resourceQuota } from '../../cluster/kinds/resourceQuota.ts'
import { defineDescriber } from './describer.ts'
import type { Description } from './description.ts'
import { beginDescription } from './named.ts'

export const namespaceDescriber = defineDescriber(namespace, async (object, around) => {
  const text = beginDescription(object)
  text.line(0, `Status:\t${object.status.phase}`)
  const conditions = object.status.conditions ?? []
  if (conditions.length > 0) {
    text.line(0, 'Conditions:')
    text.line(1, 'Type\tStatus\tLastTransitionTime\tReason\tMessage')
    text.line(1, '----\t------\t------------------\t------\t-------')
    for (const { type, status, lastTransitionTime, reason, message } of conditions)
      text.line(1, `${type}\t${status}\t${lastTransitionTime}\t${reason}\t${message}`)
  }
  const inside = { namespace: object.metadata.name }
  describeQuotas(text, await around.list(resourceQuota, inside))
  describeLimits(text, await around.list(limitRange, inside))
  return text.toString()
})

type Quotas = readonly { metadata: { name: string }; status?: { hard?: Amounts; used?: Amounts } }[]
type Amounts = Readonly<Record<string, string>>

function describeQuotas(text: Description, quotas: Quotas): void {
  if (quotas.length === 0) return text.raw('\nNo resource quota.\n')
  text.raw('\nResource Quotas\n')
  for (const { metadata, status } of quotas) {
    text.line(1, `Name:\t${metadata.name}`)
    text.line(1, 'Resource\tUsed\tHard')
    text.line(1, '--------\t---\t---')
    for (const name of Object.keys(status?.hard ?? {}).sort())
      text.line(1, `${name}\t${status?.used?.[name] ?? '0'}\t${status?.hard?.[name]}`)
  }
}

type Limit = { type: string } & {
  [Part in 'min' | 'max' | 'default' | 'defaultRequest' | 'maxLimitRequestRatio']?: Amounts
}

function describeLimits(text: Description, ranges: readonly { spec?: { limits?: readonly Limit[] } }[]): void {
  if (ranges.length === 0) return text.raw('\nNo LimitRange resource.\n')
  text.raw('\nResource Limits\n')
  text.line(0, ' Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio')
  text.line(0, ' ----\t--------\t---\t---\t---------------\t-------------\t-----------------------')
  for (const limit of ranges.flatMap(range => range.spec?.limits ?? [])) {
    const parts = [limit.min, limit.max, limit.defaultRequest, limit.default, limit.maxLimitRequestRatio]
    const names = [...new Set(parts.flatMap(part => Object.keys(part ?? {})))].sort()
    for (const name of names)
      text.line(0, ` ${limit.type}\t${name}\t${parts.map(part => part?.[name] ?? '-').join('\t')}`)
  }
}
