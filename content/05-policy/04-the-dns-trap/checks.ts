import { service } from '#simulator/cluster/kinds/service.ts'
import { callsDropped } from '#simulator/grading/calls.ts'
import { type Check, defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { allOf, answeredRightly, requestSeen, webAnswers } from '#simulator/grading/probes.ts'

/** Names can be asked from a pod, by UDP and by TCP. */
function namesAnswered(namespace: string, name: string): Check['probe'] {
  return async world => {
    for (const [way, flag] of [
      ['UDP', '+notcp'],
      ['TCP', '+tcp'],
    ] as const) {
      const dig = `dig ${flag} +short +tries=1 +time=2 depot.stores.svc.cluster.local`
      const { status, stdout } = await world.run(`kubectl exec -n ${namespace} ${name} -- ${dig}`, 10_000)
      if (status !== 0)
        return fail(
          {
            ko: `${name}에서 ${way} 53번으로 이름을 물었지만 답이 없어요.`,
            en: `${name} asked for a name on ${way} port 53 and got no answer.`,
          },
          stdout.trim().split('\n')[0],
        )
    }
    return pass()
  }
}

export default defineChecks([
  {
    id: 'second-stage',
    points: 1,
    title: {
      ko: '이름은 풀리고 annex로 연결하다가 시간이 다 되는 것을 봤어요',
      en: 'You have seen the name found and the connection to annex run out of time',
    },
    hints: [
      {
        ko: 'DNS를 연 다음, 열지 않은 곳을 courier에서 이름으로 불러요.',
        en: 'Once DNS is open, call from courier, by name, a place that is not.',
      },
    ],
    probe: requestSeen(
      {
        protocol: 'tcp',
        from: 'default/courier',
        toAddress: ({ client }) => client.get(service, 'annex', 'stores')?.spec.clusterIP,
        toPort: 80,
        verdict: 'unanswered',
      },
      {
        ko: 'courier에서 서비스 annex로 보냈다가 잃은 연결이 아직 없어요.',
        en: 'No connection of courier to the Service annex has been lost yet.',
      },
    ),
  },
  {
    id: 'which-packet',
    points: 1,
    title: { ko: '어느 패킷이 버려졌는지 알아요', en: 'You know which packet was dropped' },
    hints: [
      {
        ko: '경로 첫 줄의 목적지와 포트, 마지막 줄의 노드를 봐요.',
        en: 'Look at the destination and port of the first stop, and at the node of the last.',
      },
    ],
    probe: answeredRightly('which-packet', 'question', {
      ko: 'depot로 가는 패킷은 주소를 알아야 만들 수 있어요.',
      en: 'A packet to depot can only be made once its address is known.',
    }),
  },
  {
    id: 'courier',
    points: 2,
    title: {
      ko: 'courier가 depot를 이름으로 부르고, annex는 부르지 못해요',
      en: 'courier calls depot by name, and does not reach annex',
    },
    hints: [
      {
        ko: 'curl이 멈춘 단계가 Resolving인지 Connection인지부터 봐요.',
        en: 'See first whether curl was stuck at Resolving or at Connection.',
      },
      {
        ko: 'CoreDNS 파드의 네임스페이스와 레이블을 정책의 to와 비교해요. 프로토콜은 둘이에요.',
        en: 'Compare namespace and labels of the CoreDNS pods with the policy. There are two protocols.',
      },
    ],
    probe: allOf(
      webAnswers({ from: 'courier', url: 'http://depot.stores/hostname', contains: 'depot' }),
      namesAnswered('default', 'courier'),
      callsDropped({ from: 'default/courier', to: 'stores/annex', port: 8080 }),
    ),
  },
  {
    id: 'agent',
    points: 3,
    title: {
      ko: 'agent가 annex를 이름으로 부르고, 그 밖에는 아무 데도 가지 못해요',
      en: 'agent calls annex by name, and gets nowhere else',
    },
    hints: [
      {
        ko: '정책은 agent가 있는 네임스페이스에 있어야 해요.',
        en: 'The policy has to be in the namespace of agent.',
      },
      {
        ko: 'agent가 아직 어디든 갈 수 있다면 정책이 agent를 골랐는지, Egress가 적혀 있는지 봐요.',
        en: 'If agent still gets anywhere, see whether the policy selects it and names Egress.',
      },
      {
        ko: '나가는 규칙은 둘이에요. 물을 곳과 갈 곳이에요. 포트는 파드의 포트예요.',
        en: 'There are two rules: where to ask and where to go. Ports are those of pods.',
      },
    ],
    probe: allOf(
      webAnswers({ from: 'agent', namespace: 'field', url: 'http://annex.stores/hostname', contains: 'annex' }),
      namesAnswered('field', 'agent'),
      callsDropped({ from: 'field/agent', to: 'stores/depot', port: 8080 }),
      async world => {
        const curl = 'curl -sk -m 2 https://kubernetes.default/healthz'
        const { status } = await world.run(`kubectl exec -n field agent -- ${curl}`, 10_000)
        return status === 0
          ? fail({ ko: 'agent가 API 서버까지 가요.', en: 'agent gets as far as the API server.' })
          : pass()
      },
    ),
  },
])
