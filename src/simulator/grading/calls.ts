import { pod } from '../cluster/kinds/pod.ts'
import { type Check, fail, type Outcome, pass } from './check.ts'
import { requestsLike } from './probes.ts'
import type { ObservedRequest, World } from './world.ts'

type Probe = Check['probe']

/** A call from pod to pod, by pod address. Both are `namespace/pod`; `from` may name a container behind a second slash. */
export interface PodCall {
  readonly from: string
  readonly to: string
  readonly port: number
}

/** How a call ended right now; `absent` when one of the pods is not there. */
export type CallEnd = 'answered' | 'refused' | 'unanswered' | 'absent'

/** Calls a web server of a pod from another pod, which needs curl. */
export async function callEnd(world: World, { from, to, port }: PodCall): Promise<CallEnd> {
  const [namespace, name, container] = from.split('/')
  const address = addressOf(world, to)
  if (!address || !addressOf(world, `${namespace}/${name}`)) return 'absent'
  const command = `curl -s -o /dev/null -m 2 http://${address}:${port}/`
  const inside = `kubectl exec -n ${namespace} ${name}${container ? ` -c ${container}` : ''}`
  const { status } = await world.run(`${inside} -- ${command}`, 10_000)
  if (status === 0) return 'answered'
  return status === 7 ? 'refused' : 'unanswered'
}

/** Every one of these calls is answered; the first that is not is named. */
export function callsAnswered(...calls: readonly PodCall[]): Probe {
  return world =>
    firstWrong(world, calls, 'answered', {
      ko: '가야 할 요청이 가지 못해요.',
      en: 'A call that should get through does not.',
    })
}

/** Every one of these calls is left without an answer, as a dropped packet is; the first that is not is named. */
export function callsDropped(...calls: readonly PodCall[]): Probe {
  return world =>
    firstWrong(world, calls, 'unanswered', {
      ko: '막혀야 할 요청이 막히지 않아요.',
      en: 'A call that should be dropped is not.',
    })
}

/** The calls of the past between two pods and a port that ended so. */
export function callsSeen(world: World, call: PodCall, ...ends: ObservedRequest['verdict'][]): ObservedRequest[] {
  return requestsLike(world, {
    protocol: 'tcp',
    from: call.from,
    toAddress: seen => addressOf(seen, call.to),
    toPort: call.port,
    ...(ends.length > 0 && { verdict: ends }),
  })
}

/** The address of `namespace/pod`. */
export function addressOf({ client }: World, place: string): string | undefined {
  const [namespace, name = ''] = place.split('/')
  return client.get(pod, name, namespace)?.status.podIP
}

/** A call in words: `lobby/guest → default/vault:8080`. */
export function callText({ from, to, port }: PodCall): string {
  return `${from} → ${to}:${port}`
}

async function firstWrong(
  world: World,
  calls: readonly PodCall[],
  wanted: CallEnd,
  words: { ko: string; en: string },
): Promise<Outcome> {
  for (const call of calls) {
    const end = await callEnd(world, call)
    if (end === 'absent')
      return fail({ ko: '요청을 보내거나 받을 파드가 없어요.', en: 'A pod of this call is missing.' }, callText(call))
    if (end !== wanted) return fail(words, `${callText(call)}: ${end}`)
  }
  return pass()
}
