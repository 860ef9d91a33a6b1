import { deployment } from '#simulator/cluster/kinds/deployment.ts'
import { event } from '#simulator/cluster/kinds/event.ts'
import { node } from '#simulator/cluster/kinds/node.ts'
import { pod } from '#simulator/cluster/kinds/pod.ts'
import { defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { allOf, answeredRightly, isReady, podReady, waitingText } from '#simulator/grading/probes.ts'

export default defineChecks([
  {
    id: 'waits',
    points: 1,
    title: {
      ko: 'on-host는 실행되고 pushy는 네트워크를 기다리는 것을 봤어요',
      en: 'You have seen on-host run, and pushy wait for a network',
    },
    hints: [
      {
        ko: '플러그인을 들여오기 전에 작업 폴더의 파드들을 적용해요.',
        en: 'Apply the pods of the working directory before the plugin comes.',
      },
    ],
    probe: allOf(podReady('on-host'), ({ client }) => {
      const told = client
        .list(event, { namespace: 'default' })
        .find(({ involvedObject, reason }) => involvedObject.name === 'pushy' && reason === 'NetworkNotReady')
      return told
        ? pass(told.message)
        : fail({
            ko: '네트워크를 기다린다는 pushy의 이벤트가 아직 없어요.',
            en: 'There is no event yet of pushy waiting for its network.',
          })
    }),
  },
  {
    id: 'ready',
    points: 2,
    title: { ko: '노드 셋이 모두 Ready예요', en: 'All three nodes are Ready' },
    hints: [
      {
        ko: 'kube-flannel의 이벤트를 읽어요. 무엇을 기다리나요?',
        en: 'Read the events of kube-flannel. What are its pods waiting for?',
      },
      {
        ko: '플러그인 없이 실행되는 파드들의 spec에는 있고, 그 데몬셋의 파드 템플릿에는 없는 것이 있어요.',
        en: 'The pods that run without a plugin have something in their spec that the pod template of the DaemonSet lacks.',
      },
      {
        ko: '고친 다음에는 20초쯤 기다려요. 그래도 NotReady인 노드가 있으면 그 노드의 설정 폴더를 봐요.',
        en: 'Give it 20 seconds after mending. If a node is still NotReady, look at its folder for settings.',
      },
    ],
    probe({ client }) {
      const waiting = client
        .list(node)
        .filter(({ status }) => !status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'))
      if (waiting.length === 0) return pass()
      const { metadata, status } = waiting[0]!
      return fail(
        {
          ko: `${metadata.name} 노드의 런타임이 아직 네트워크 설정을 찾지 못했어요.`,
          en: `The runtime of ${metadata.name} has found no settings of a network yet.`,
        },
        status.conditions?.find(({ type }) => type === 'Ready')?.message,
      )
    },
  },
  {
    id: 'reach',
    points: 3,
    needs: ['ready'],
    title: {
      ko: 'pushy가 web의 두 파드를 부르고, 이름도 풀어요',
      en: 'pushy reaches both pods of web, and resolves names',
    },
    hints: [
      {
        ko: 'pushy와 web의 파드가 모두 주소를 받았는지부터 봐요. 기다리는 파드가 있으면 이벤트를 읽어요.',
        en: 'First see whether pushy and the pods of web have addresses. Where one waits, read its events.',
      },
      {
        ko: '주소가 있는데 통하지 않으면, 보내는 노드가 받는 노드의 범위로 가는 경로를 아는지 봐요.',
        en: 'If there are addresses and nothing gets through, see whether the sending node knows a route to that range.',
      },
    ],
    async probe(world) {
      const { client } = world
      const web = client
        .list(pod, { namespace: 'default' })
        .filter(({ metadata }) => metadata.labels?.['app'] === 'web')
      const pushy = client.get(pod, 'pushy', 'default')
      const wanted = client.get(deployment, 'web', 'default')?.spec.replicas ?? 0
      if (!pushy || web.length < 2 || wanted < 2)
        return fail(
          {
            ko: 'pushy 파드와 web의 파드 둘이 있어야 해요.',
            en: 'There have to be the pod pushy and two pods of web.',
          },
          `web: ${web.length}`,
        )
      for (const each of [pushy, ...web]) {
        const { metadata, spec } = each
        if (spec.hostNetwork)
          return fail(
            {
              ko: `${metadata.name} 파드가 노드의 네트워크를 빌려 써요. 자기 주소를 받아야 해요.`,
              en: `The pod ${metadata.name} borrows the network of its node. It has to get an address of its own.`,
            },
            each.status.podIP,
          )
        if (!isReady(each))
          return fail(
            { ko: `${metadata.name} 파드가 아직 기다려요.`, en: `The pod ${metadata.name} is still waiting.` },
            waitingText(each),
          )
      }
      for (const { metadata, status } of web) {
        const { status: exit, stderr } = await world.run(
          `kubectl exec pushy -- curl -sS -m 3 -o /dev/null http://${status.podIP}`,
          10_000,
        )
        if (exit !== 0)
          return fail(
            {
              ko: `pushy에서 ${metadata.name} 파드로 가는 길이 없어요.`,
              en: `There is no way from pushy to the pod ${metadata.name}.`,
            },
            stderr.split('\n')[0],
          )
      }
      const names = await world.run('kubectl exec pushy -- nslookup -timeout=2 kubernetes.default', 20_000)
      return names.status === 0
        ? pass()
        : fail(
            {
              ko: 'pushy가 이름을 풀지 못해요. CoreDNS의 파드로 가는 길을 봐요.',
              en: 'pushy resolves no names. Look at the way to the pods of CoreDNS.',
            },
            names.stdout.trim().split('\n')[0],
          )
    },
  },
  {
    id: 'away',
    points: 1,
    title: {
      ko: '설정 파일을 치우자 node2가 NotReady로 돌아가는 것을 봤어요',
      en: 'You have seen node2 turn NotReady without its file of settings',
    },
    hints: [
      {
        ko: 'node2가 Ready가 된 다음에 치우고, 바뀔 때까지 10초쯤 기다려요.',
        en: 'Put it aside once node2 is Ready, and wait about 10 seconds until the node turns.',
      },
    ],
    probe({ client }) {
      const told = client
        .list(event)
        .find(
          ({ involvedObject, reason }) =>
            involvedObject.kind === 'Node' && involvedObject.name === 'node2' && reason === 'NodeNotReady',
        )
      return told
        ? pass(told.message)
        : fail({
            ko: 'node2가 Ready였다가 NotReady로 바뀐 적이 아직 없어요.',
            en: 'node2 has not turned from Ready to NotReady yet.',
          })
    },
  },
  {
    id: 'what-makes-ready',
    points: 1,
    title: { ko: '무엇이 노드를 Ready로 만드는지 알아요', en: 'You know what makes a node Ready' },
    hints: [
      {
        ko: 'node2에서 하나씩 빼 봐요. 무엇을 뺐을 때 kubelet이 다시 같은 말을 하나요?',
        en: 'On node2, take away one thing at a time. Which brings back the words of the kubelet?',
      },
    ],
    probe: answeredRightly('what-makes-ready', 'file', {
      ko: '그것이 그대로여도 node2는 NotReady가 됐어요.',
      en: 'node2 turned NotReady with that unchanged.',
    }),
  },
])
