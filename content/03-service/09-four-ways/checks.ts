import { service } from '#simulator/cluster/kinds/service.ts'
import { defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { allOf, answeredRightly, requestSeen, webAnswers } from '#simulator/grading/probes.ts'
import type { World } from '#simulator/grading/world.ts'

const address = ({ client }: World) => client.get(service, 'web', 'default')?.spec.clusterIP

const nodes = ['control-plane', 'node1', 'node2']

export default defineChecks([
  {
    id: 'silence',
    points: 1,
    title: {
      ko: 'iptables에서 서비스로 보낸 ping에 답이 없는 것을 봤어요',
      en: 'You have seen a ping to the Service get no answer in iptables mode',
    },
    hints: [
      {
        ko: '방식을 바꾸기 전에 client에서 web으로 ping을 보내요.',
        en: 'Send a ping from client to web before you switch the mode.',
      },
    ],
    probe: requestSeen(
      { protocol: 'icmp', from: 'default/client', toAddress: address, verdict: 'unanswered' },
      {
        ko: 'client에서 web으로 보냈다가 답을 받지 못한 ping이 아직 없어요.',
        en: 'No ping from client to web has gone unanswered yet.',
      },
    ),
  },
  {
    id: 'by-the-node',
    points: 2,
    title: {
      ko: 'ipvs에서 노드가 답하는 ping을 보고, 누가 답했는지 알아요',
      en: 'You have seen a node answer the ping in ipvs mode, and know who answered',
    },
    hints: [
      {
        ko: '노드의 주소 목록에 서비스의 주소가 있는지부터 봐요.',
        en: 'First see whether the address of the Service is among those of the node.',
      },
      {
        ko: '거절하는 규칙을 지우는 것과 ping은 한 줄로 이어서 실행해요. 규칙은 곧 되돌아와요.',
        en: 'Remove the rule and ping in one line: the rule comes back before long.',
      },
    ],
    probe: allOf(
      requestSeen(
        { protocol: 'icmp', from: 'default/client', toAddress: address, verdict: 'answered' },
        {
          ko: 'client에서 web으로 보내 답을 받은 ping이 아직 없어요.',
          en: 'No ping from client to web has been answered yet.',
        },
      ),
      answeredRightly('who-answered', 'kernel', {
        ko: '파드가 하나도 없을 때도 답이 왔어요. 그 주소가 붙어 있는 곳이 어디였나요?',
        en: 'It was answered with no pod at all. What has that address on an interface?',
      }),
    ),
  },
  {
    id: 'switched',
    points: 3,
    title: {
      ko: '모든 노드가 nftables로 서비스를 다뤄요',
      en: 'All nodes handle Services with nftables',
    },
    hints: [
      {
        ko: '컨피그맵의 mode와 kube-proxy의 로그가 같은 방식을 말하나요?',
        en: 'Do the mode in the ConfigMap and the log of kube-proxy say the same?',
      },
      {
        ko: '설정을 바꾸는 것과 그 설정으로 다시 시작하는 것은 따로예요.',
        en: 'To change settings is one thing, to start with them another.',
      },
    ],
    async probe(world) {
      for (const node of nodes) {
        const { status } = await world.run(`ssh ${node} nft list chain ip kube-proxy cluster-ips-check`, 10_000)
        if (status !== 0)
          return fail(
            {
              ko: `${node} 노드의 nftables에는 kube-proxy의 표가 없어요.`,
              en: `On ${node}, nftables has no table of kube-proxy.`,
            },
            node,
          )
        const { stdout } = await world.run(`ssh ${node} ip -br link`, 10_000)
        if (stdout.includes('kube-ipvs0'))
          return fail({ ko: `${node}에 ipvs의 흔적이 남았어요.`, en: `On ${node} something of ipvs is left.` }, node)
      }
      const { stdout } = await world.run("kubectl -n kube-system get configmap kube-proxy -o yaml | grep ' mode:'")
      return stdout.includes('nftables')
        ? pass(stdout.trim())
        : fail({ ko: '컨피그맵의 mode는 다른 방식이에요.', en: 'The ConfigMap says another mode.' }, stdout.trim())
    },
  },
  {
    id: 'same-answer',
    points: 1,
    needs: ['switched'],
    title: {
      ko: '파드 셋을 둔 web이 nftables에서도 답해요',
      en: 'With its three pods, web answers in nftables mode too',
    },
    hints: [
      {
        ko: '파드를 모두 없앤 채로 두지 않았는지 봐요.',
        en: 'See whether you have left it without pods.',
      },
    ],
    async probe(world) {
      const { stdout } = await world.run('kubectl get deployment web -o jsonpath={.status.readyReplicas}')
      if (stdout !== '3')
        return fail({ ko: '준비된 web 파드가 셋이어야 해요.', en: 'Three web pods have to be ready.' }, stdout || '0')
      return webAnswers({ from: 'client', url: 'http://web/hostname', contains: 'web-' })(world)
    },
  },
  {
    id: 'who-refused',
    points: 1,
    title: {
      ko: 'nftables에서 ping을 거절한 것이 누구인지 알아요',
      en: 'You know who refused the ping in nftables mode',
    },
    hints: [
      {
        ko: 'From 뒤의 주소를 client의 라우팅 표와 비교해요.',
        en: 'Compare the address after From with the routes of client.',
      },
    ],
    probe: allOf(
      requestSeen(
        { protocol: 'icmp', from: 'default/client', toAddress: address, verdict: ['rejected', 'refused'] },
        {
          ko: 'client에서 web으로 보냈다가 거절된 ping이 아직 없어요.',
          en: 'No ping from client to web has been refused yet.',
        },
      ),
      answeredRightly('who-refused', 'bridge', {
        ko: '서비스의 주소는 nftables에서 어느 인터페이스에도 없어요.',
        en: 'In nftables mode the address of the Service is on no interface.',
      }),
    ),
  },
])
