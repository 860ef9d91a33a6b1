import { pod } from '#simulator/cluster/kinds/pod.ts'
import { type Check, defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { allOf, answeredRightly, isReady, podReady } from '#simulator/grading/probes.ts'
import type { World } from '#simulator/grading/world.ts'

/** How requests of the client fared, all over one connection. */
interface Tally {
  readonly sent: number
  readonly ok: number
  /** Answered by version v2. */
  readonly second: number
  /** Answered at the first try. */
  readonly atOnce: number
}

/** The client's pod that is there to stay. */
const callerOf = ({ client }: World) =>
  client.list(pod, { namespace: 'default' }).find(each => each.metadata.labels?.['app'] === 'client' && isReady(each))
    ?.metadata.name

/** Sends requests to a Service from the client, and counts. */
async function tally(world: World, host: string, sent: number): Promise<Tally> {
  const ask = `curl -s -m 60 -w '%{http_code}\\n' 'http://${host}/?[1-${sent}]'`
  const { stdout } = await world.run(`kubectl exec ${callerOf(world)} -c client -- ${ask}`, 60_000)
  const count = (pattern: RegExp) => stdout.match(pattern)?.length ?? 0
  return {
    sent,
    ok: count(/^200$/gm),
    second: count(/^Hostname: \S+-v2-/gm),
    atOnce: count(/^X-Envoy-Attempt-Count: 1$/gm),
  }
}

/** A client whose sidecar remembers nothing of what happened so far. */
const freshCaller: Check['probe'] = async world => {
  const renew = 'kubectl delete pods -l app=client --now; kubectl rollout status deployment client --timeout=60s'
  const { status, stderr } = await world.run(renew, 90_000)
  return status === 0 && callerOf(world)
    ? pass()
    : fail(
        { ko: 'client 파드가 새로 뜨지 못해요.', en: 'The pod of client cannot be made anew.' },
        stderr.split('\n')[0],
      )
}

/** The broken pod is as it was: ready, and among the pods of its Service and version. */
const stillBroken =
  (app: string): Check['probe'] =>
  world => {
    const labels = world.client.get(pod, `${app}-broken`, 'default')?.metadata.labels
    return labels?.['app'] === app && labels['version'] === 'v1'
      ? podReady(`${app}-broken`)(world)
      : fail({
          ko: `${app}-broken 파드를 레이블까지 그대로 두어야 해요.`,
          en: `The pod ${app}-broken has to stay as it is, with its labels.`,
        })
  }

/** Both versions of an app have a pod that is ready. */
const bothVersions =
  (app: string): Check['probe'] =>
  ({ client }) => {
    for (const version of ['v1', 'v2'])
      if (
        !client
          .list(pod, { namespace: 'default' })
          .some(each => each.metadata.name.startsWith(`${app}-${version}-`) && isReady(each))
      )
        return fail({ ko: `${app}-${version} 파드가 없어요.`, en: `There is no pod ${app}-${version} that is ready.` })
    return pass()
  }

/** Of 160 requests, more than this many percent off is not chance. */
const leeway = 12

export default defineChecks([
  {
    id: 'split',
    points: 1,
    title: {
      ko: 'client의 요청 열에 하나꼴로 web의 v2에 가요',
      en: 'About one in ten requests of client goes to v2 of web',
    },
    hints: [
      {
        ko: '적용하기 전과 뒤에 client에서 60개를 보내 버전별로 세어 봐요.',
        en: 'Count 60 requests of client by version, before it is applied and after.',
      },
    ],
    async probe(world) {
      const { sent, second } = await tally(world, 'web', 120)
      const share = (100 * second) / sent
      return share > 2 && share < 20
        ? pass(`${second} / ${sent}`)
        : fail(
            { ko: '지금은 열에 하나꼴이 아니에요.', en: 'For now it is not about one in ten.' },
            `v2: ${second} / ${sent}`,
          )
    },
  },
  {
    id: 'who-chooses',
    points: 1,
    title: { ko: '비율을 누가 지키는지 알아요', en: 'You know who keeps to the weights' },
    hints: [
      {
        ko: 'client와 plain은 무엇이 같고 무엇이 다른가요? 센 수를 나란히 놓아 봐요.',
        en: 'What do client and plain share, and in what do they differ? Put their counts side by side.',
      },
    ],
    probe: answeredRightly('who-chooses', 'caller', {
      ko: 'plain과 client는 같은 서비스, 같은 파드를 불렀어요. 다른 것은 부르는 쪽이에요.',
      en: 'plain and client called the same Service and the same pods. What differs is the calling side.',
    }),
  },
  {
    id: 'steady',
    points: 2,
    needs: ['split'],
    title: {
      ko: 'web-broken이 있어도 client는 실패를 보지 않고, 헛걸음도 하지 않아요',
      en: 'In spite of web-broken, client sees no failure, and no request goes there in vain',
    },
    hints: [
      {
        ko: '상태 코드와 X-Envoy-Attempt-Count를 따로 세어 봐요. 어느 쪽이 모자라나요?',
        en: 'Count the status codes and X-Envoy-Attempt-Count apart. Which of the two falls short?',
      },
      {
        ko: '다시 할 조건은 VirtualService에, 빼 두는 조건은 DestinationRule에 적어요.',
        en: 'When to try again belongs to the VirtualService, when to set aside to the DestinationRule.',
      },
    ],
    probe: allOf(stillBroken('web'), bothVersions('web'), freshCaller, async world => {
      const first = await tally(world, 'web', 40)
      if (first.ok < first.sent)
        return fail(
          {
            ko: 'client가 아직 200이 아닌 답을 봐요. 다시 할 조건에 그 답이 들어 있지 않아요.',
            en: 'client still sees answers other than 200: they are not among those that are tried again.',
          },
          `200: ${first.ok} / ${first.sent}`,
        )
      const later = await tally(world, 'web', 40)
      return later.atOnce === later.sent
        ? pass(`200: ${later.ok} / ${later.sent}`)
        : fail(
            {
              ko: '요청이 아직 고장 난 파드를 들렀다 와요. 빠진 엔드포인트가 없어요.',
              en: 'Requests still visit the broken pod: no endpoint has been set aside.',
            },
            `X-Envoy-Attempt-Count 1: ${later.atOnce} / ${later.sent}`,
          )
    }),
  },
  {
    id: 'alone',
    points: 4,
    title: {
      ko: '혼자서: 정해진 비율로 나누고, 실패는 숨기고, 늦은 답은 잘라요',
      en: 'On your own: split as told, hide failures, cut what is late',
    },
    hints: [
      {
        ko: '셋을 따로 세어 봐요. 버전별 수, 상태 코드, 늦은 요청에 걸린 시간이에요.',
        en: 'Measure three things apart: the count by version, the status codes, the time of a late request.',
      },
      {
        ko: 'web의 규칙에서 이름과 수를 하나씩 짚어 봐요. 무엇이 이 서비스와 다른가요?',
        en: 'Go through the names and numbers of the rules for web one by one. Which differ for this Service?',
      },
      {
        ko: '규칙의 host가 서비스의 이름과 같은지, subset의 이름이 두 곳에서 같은지 봐요.',
        en: 'See whether the host of the rules is the name of the Service, and whether the subsets have the same names in both.',
      },
    ],
    async probe(world) {
      const { app = '', share, limit } = world.parameters
      const kept = await allOf(stillBroken(app), bothVersions(app), freshCaller)(world)
      if (kept.state === 'fail') return kept
      const first = await tally(world, app, 20)
      const { sent, ok, second } = first.ok < first.sent ? first : await tally(world, app, 160)
      if (ok < sent)
        return fail(
          { ko: 'client가 200이 아닌 답을 봐요.', en: 'client sees answers other than 200.' },
          `200: ${ok} / ${sent}`,
        )
      const found = (100 * second) / sent
      if (Math.abs(found - Number(share)) > leeway)
        return fail(
          {
            ko: `v2로 가는 요청이 ${share}퍼센트가 아니에요.`,
            en: `The requests that go to v2 are not ${share} percent.`,
          },
          `v2: ${second} / ${sent}`,
        )
      const late = await world.run(
        `kubectl exec deploy/client -c client -- curl -s -m 20 -o /dev/null -w '%{http_code} %{time_total}' 'http://${app}/?wait=15s'`,
        30_000,
      )
      const [code, seconds] = late.stdout.trim().split(' ').map(Number)
      return code === 504 && Math.round(seconds ?? 0) === Number(limit)
        ? pass(`v2: ${second} / ${sent}, ${late.stdout.trim()} s`)
        : fail(
            { ko: `늦은 답이 ${limit}초에 잘리지 않아요.`, en: `A late answer is not cut after ${limit} s.` },
            `${late.stdout.trim()} s`,
          )
    },
  },
])
