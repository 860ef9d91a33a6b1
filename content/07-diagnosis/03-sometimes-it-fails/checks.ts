import { deployment } from '#simulator/cluster/kinds/deployment.ts'
import { endpointSlice } from '#simulator/cluster/kinds/endpointSlice.ts'
import { pod } from '#simulator/cluster/kinds/pod.ts'
import { service } from '#simulator/cluster/kinds/service.ts'
import { fileNames } from '#simulator/grading/answerFile.ts'
import { type Check, defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { allOf, answeredRightly, isReady, requestsLike, webAnswers } from '#simulator/grading/probes.ts'
import type { World } from '#simulator/grading/world.ts'

/** With one bad address in four, so many calls are all answered once in five thousand times. */
const calls = 30

/** The web pods that are ready. */
function replicas({ client, parameters }: World) {
  const web = client.list(pod, { namespace: 'default', labels: { app: parameters['shop']!, tier: 'web' } })
  return web.filter(isReady)
}

/** Every address on the list of the Service. */
function listed({ client, parameters }: World): string[] {
  const labels = { 'kubernetes.io/service-name': parameters['shop']! }
  const slices = client.list(endpointSlice, { namespace: 'default', labels })
  return slices.flatMap(({ endpoints }) => (endpoints ?? []).flatMap(({ addresses }) => addresses ?? []))
}

const everyCallAnswered: Check['probe'] = async world => {
  const name = world.parameters['shop']!
  const call = `curl -s -m 1 -w '%{http_code} ' -o /dev/null http://${name}`
  const { stdout } = await world.run(
    `kubectl exec -n default deploy/caller -- sh -c "for i in $(seq -s ' ' ${calls}); do ${call}; done"`,
    120_000,
  )
  const answered = stdout.split(' ').filter(code => code === '200').length
  return answered === calls
    ? pass(`${answered}/${calls}`)
    : fail(
        {
          ko: `caller가 http://${name} 을 ${calls}번 불렀는데 ${answered}번만 1초 안에 답을 받았어요.`,
          en: `caller called ${name} ${calls} times, and ${answered} calls were answered within a second.`,
        },
        `${answered}/${calls}`,
      )
}

const threeOnBothNodes: Check['probe'] = world => {
  const ready = replicas(world).filter(({ status }) => listed(world).includes(status.podIP ?? ''))
  const nodes = new Set(ready.map(({ spec }) => spec.nodeName))
  return ready.length >= 3 && nodes.size === 2
    ? pass()
    : fail(
        {
          ko: '레플리카 셋이 두 노드에 나뉘어 명단에 있어야 해요.',
          en: 'Three replicas, on both nodes, have to be on the list.',
        },
        `${ready.length} on ${[...nodes].join(', ')}`,
      )
}

export default defineChecks([
  {
    id: 'one-by-one',
    points: 1,
    title: {
      ko: 'caller에서 명단의 주소를 하나씩 불러 봤어요',
      en: 'You have called the addresses of the list one by one from caller',
    },
    hints: [
      {
        ko: '서비스의 이름이나 주소로는 누가 답할지 고를 수 없어요. 파드의 주소를 써요.',
        en: 'By the name or the address of a Service you cannot choose who answers. Use the addresses of pods.',
      },
    ],
    probe(world) {
      const services = new Set(world.client.list(service).map(({ spec }) => spec.clusterIP))
      const sent = requestsLike(world, { protocol: 'tcp', from: 'default/caller-', toPort: 80 })
      const called = new Set(sent.map(({ toAddress }) => toAddress).filter(address => !services.has(address)))
      return called.size >= 3
        ? pass([...called].join(', '))
        : fail(
            {
              ko: 'caller가 바로 부른 주소가 아직 셋이 안 돼요.',
              en: 'caller has called fewer than three addresses directly so far.',
            },
            [...called].join(', '),
          )
    },
  },
  {
    id: 'ready-means',
    points: 1,
    title: {
      ko: '프로브가 없는 파드의 Ready가 무슨 뜻인지 알아요',
      en: 'You know what Ready means for a pod without a probe',
    },
    hints: [
      {
        ko: 'kubelet이 그 파드의 포트를 두드린 적이 있을까요?',
        en: 'Has the kubelet ever knocked at a port of that pod?',
      },
    ],
    probe: answeredRightly('ready-means', 'started'),
  },
  {
    id: 'cause',
    points: 2,
    title: { ko: 'cause.txt에 까닭이 적혀 있어요', en: 'cause.txt names the cause' },
    hints: [
      {
        ko: '나쁜 주소가 명단의 어느 엔드포인트슬라이스에 있고, 어느 파드의 것인지 맞춰 봐요.',
        en: 'See in which EndpointSlice the bad address is, and to which pod it belongs.',
      },
      {
        ko: '나쁜 주소가 여럿이면 레이블이 같은지, 노드가 같은지 봐요.',
        en: 'If several are bad, see whether they share a label or a node.',
      },
      {
        ko: 'ping은 커널이 답해요. ping은 온전한데 curl만 안 되는 주소라면 어디까지가 멀쩡할까요?',
        en: 'The kernel answers ping. If an address answers every ping and no curl, how far is it well?',
      },
    ],
    probe: fileNames('cause.txt', 'cause', {
      ko: '그곳은 멀쩡했거나, 목록에 없는 낱말이에요.',
      en: 'That was well, or it is no word of the list.',
    }),
  },
  {
    id: 'repair',
    points: 3,
    title: {
      ko: '레플리카 셋이 두 노드에서 모든 요청에 바로 답해요',
      en: 'Three replicas on both nodes answer every call at once',
    },
    hints: [
      {
        ko: '명단에 있으면 안 되는 주소인가요, 있어야 하는데 답하지 않는 주소인가요?',
        en: 'Is it an address that should not be on the list, or one that should and does not answer?',
      },
      {
        ko: '명단은 서비스의 셀렉터와, 그 서비스의 이름을 단 모든 엔드포인트슬라이스로 정해져요.',
        en: 'The list is made by the selector of the Service, and by every EndpointSlice that bears its name.',
      },
      {
        ko: '멈춘 프로세스는 새로 띄우고, 노드가 버리는 패킷은 그 노드 인터페이스의 설정에서 찾아요.',
        en: 'A stuck process is started anew; packets that a node loses are a matter of the settings of its interfaces.',
      },
    ],
    probe: allOf(threeOnBothNodes, everyCallAnswered),
  },
  {
    id: 'others',
    points: 1,
    needs: ['repair'],
    title: { ko: '잘못이 없던 것들은 그대로예요', en: 'What was innocent is as it was' },
    hints: [
      {
        ko: 'caller에서 stock과 archive를 부르고, report 파드가 둘인지 봐요.',
        en: 'Call stock and archive from caller, and see whether there are two report pods.',
      },
    ],
    probe: allOf(
      webAnswers(
        { namespace: 'default', from: 'deploy/caller', url: 'http://stock', contains: 'in stock' },
        { ko: 'stock 서비스가 더는 답하지 않아요.', en: 'The Service stock does not answer any more.' },
      ),
      webAnswers(
        { namespace: 'default', from: 'deploy/caller', url: 'http://archive' },
        { ko: 'archive 서비스가 더는 답하지 않아요.', en: 'The Service archive does not answer any more.' },
      ),
      ({ client, parameters }) => {
        const name = `${parameters['shop']}-report`
        return client.get(deployment, name, 'default')?.status.readyReplicas === 2
          ? pass()
          : fail({ ko: `${name} 파드가 둘이 아니에요.`, en: `There are not two pods of ${name} any more.` })
      },
    ),
  },
])
