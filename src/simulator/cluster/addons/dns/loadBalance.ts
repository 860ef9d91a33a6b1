import { type DnsRecord, dnsTypes } from '../../../network/dns.ts'
import type { DnsPlugin, DnsSurroundings } from './plugin.ts'

/** Shuffles addresses, so that clients that take the first one do not all take the same. */
export function loadBalancePlugin({ random }: DnsSurroundings): DnsPlugin {
  const shuffle = (records: readonly DnsRecord[]) => {
    const rest = [...records]
    return records.map(() => rest.splice(random.below(rest.length), 1)[0]!)
  }
  return {
    answer(request, reply, next) {
      next(request, answer => {
        if (!answer || answer.answers.length < 2) return reply(answer)
        const isAddress = ({ type }: DnsRecord) => type === dnsTypes.A || type === dnsTypes.AAAA
        const aliases = answer.answers.filter(({ type }) => type === dnsTypes.CNAME)
        const addresses = answer.answers.filter(isAddress)
        const others = answer.answers.filter(one => !isAddress(one) && one.type !== dnsTypes.CNAME)
        reply({ ...answer, answers: [...aliases, ...others, ...shuffle(addresses)] })
      })
    },
  }
}
