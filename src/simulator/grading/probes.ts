import { type Pod, pod } from '../cluster/kinds/pod.ts'
import { type Check, fail, type Outcome, pass, type Words } from './check.ts'
import type { ObservedRequest, World } from './world.ts'

type Probe = Check['probe']

/** Asks one thing after another; the first that fails is the answer. */
export function allOf(...probes: readonly Probe[]): Probe {
  return async world => {
    let outcome: Outcome = pass()
    for (const probe of probes) {
      outcome = await probe(world)
      if (outcome.state === 'fail') return outcome
    }
    return outcome
  }
}

/** A pod is ready, all its containers with it. */
export function podReady(name: string, namespace = 'default'): Probe {
  return ({ client }) => {
    const found = client.get(pod, name, namespace)
    if (!found)
      return fail({
        ko: `네임스페이스 ${namespace}에 ${name} 파드가 아직 없어요.`,
        en: `There is no pod ${name} in namespace ${namespace} yet.`,
      })
    if (isReady(found)) return pass()
    return fail(
      { ko: `${name} 파드가 아직 준비되지 않았어요.`, en: `The pod ${name} is not ready.` },
      waitingText(found),
    )
  }
}

/** Whether a pod counts as ready. */
export function isReady({ metadata, status }: Pod): boolean {
  return (
    metadata.deletionTimestamp === undefined &&
    (status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false)
  )
}

/** What keeps a pod from being ready, container by container. */
export function waitingText({ status }: Pod): string {
  const containers = status.containerStatuses ?? []
  const waiting = containers
    .filter(({ ready }) => !ready)
    .map(({ name, state, lastState }) => {
      const ended = (state?.terminated ?? lastState?.terminated)?.exitCode
      const reason = state?.waiting?.reason ?? state?.terminated?.reason ?? 'not ready'
      return `${name}: ${reason}${ended === undefined ? '' : ` (exit code ${ended})`}`
    })
  return waiting.join(', ') || (status.phase ?? 'Pending')
}

/** A question of the lesson's text has been answered rightly. */
export function answeredRightly(question: string, truth: string, wrong?: Words): Probe {
  return ({ answers }) => {
    const answer = answers.get(question)
    if (answer === truth) return pass()
    if (answer === undefined)
      return fail({
        ko: '본문의 질문에 아직 답하지 않았어요.',
        en: 'The question in the text is not answered yet.',
      })
    return fail(
      wrong ?? {
        ko: '그 답은 관찰한 것과 맞지 않아요.',
        en: 'That answer does not agree with what was observed.',
      },
    )
  }
}

/** Which requests of the past a check looks for. */
export interface RequestPattern {
  readonly protocol?: ObservedRequest['protocol']
  /** A machine, or how `namespace/pod` begins. */
  readonly from?: string
  readonly toAddress?: string | ((world: World) => string | undefined)
  readonly toPort?: number
  readonly verdict?: ObservedRequest['verdict'] | readonly ObservedRequest['verdict'][]
}

/** The requests that fit a pattern, oldest first. */
export function requestsLike(world: World, pattern: RequestPattern): ObservedRequest[] {
  const { protocol, from, toPort, verdict } = pattern
  const toAddress = typeof pattern.toAddress === 'function' ? pattern.toAddress(world) : pattern.toAddress
  if (typeof pattern.toAddress === 'function' && toAddress === undefined) return []
  const verdicts = verdict === undefined ? undefined : [verdict].flat()
  return world.requests.filter(
    request =>
      (protocol === undefined || request.protocol === protocol) &&
      (from === undefined || request.from === from || request.from.startsWith(from)) &&
      (toAddress === undefined || request.toAddress === toAddress) &&
      (toPort === undefined || request.toPort === toPort) &&
      (verdicts === undefined || verdicts.includes(request.verdict)),
  )
}

/** The learner has sent such a request; `missing` says what has not been seen yet. */
export function requestSeen(pattern: RequestPattern, missing: Words): Probe {
  return world => {
    const seen = requestsLike(world, pattern).at(-1)
    if (seen) return pass(requestText(seen))
    const { verdict: _, ...anyVerdict } = pattern
    const other = requestsLike(world, anyVerdict).at(-1)
    return fail(missing, other && requestText(other))
  }
}

function requestText({ from, fromAddress, toAddress, toPort, protocol, verdict }: ObservedRequest): string {
  return `${from} (${fromAddress}) → ${toAddress}${toPort ? `:${toPort}` : ''} ${protocol}: ${verdict}`
}

/** What a request to a web server is to find. */
export interface WebRequest {
  /** The pod or workload that asks, as `kubectl exec` takes it; absent: the workstation. */
  readonly from?: string
  readonly container?: string
  readonly namespace?: string
  readonly url: string
  /** 200 when absent. */
  readonly status?: number
  /** Text that the page holds. */
  readonly contains?: string
}

/** A web server answers, as a request right now shows. */
export function webAnswers(request: WebRequest, wrong?: Words): Probe {
  return async world => {
    const { stdout, stderr, status } = await world.run(curlOf(request), 20_000)
    const code = Number(stdout.slice(-3))
    const wanted = request.status ?? 200
    const page = stdout.slice(0, -3)
    if (status === 0 && code === wanted && page.includes(request.contains ?? '')) return pass(String(code))
    const place = request.from ?? 'lab'
    const words = wrong ?? {
      ko: `${place}에서 ${request.url} 을 불렀지만 기다린 답이 오지 않았어요.`,
      en: `Calling ${request.url} from ${place} did not bring the answer that was expected.`,
    }
    return fail(words, stderr.split('\n')[0] || `HTTP ${code}`)
  }
}

/** A web server does not answer, as a request right now shows. */
export function webStaysSilent(request: WebRequest, wrong: Words): Probe {
  return async world => {
    const { stdout, stderr, status } = await world.run(curlOf(request), 20_000)
    return status === 0 ? fail(wrong, `HTTP ${stdout.slice(-3)}`) : pass(stderr.split('\n')[0])
  }
}

function curlOf({ from, container, namespace, url }: WebRequest): string {
  const curl = `curl -sS -m 5 -w '%{http_code}' '${url}'`
  if (from === undefined) return curl
  return `kubectl exec${namespace ? ` -n ${namespace}` : ''} ${from}${container ? ` -c ${container}` : ''} -- ${curl}`
}
