import { pod } from '#simulator/cluster/kinds/pod.ts'
import { defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { allOf, answeredRightly, podReady, requestSeen } from '#simulator/grading/probes.ts'

export default defineChecks([
  {
    id: 'pods-run',
    points: 1,
    title: { ko: 'on-host와 door 파드가 준비됐어요', en: 'The pods on-host and door are ready' },
    hints: [{ ko: '작업 폴더에 어떤 파일이 있는지 봐요.', en: 'Look at the files in the working directory.' }],
    probe: allOf(podReady('on-host'), podReady('door')),
  },
  {
    id: 'from-outside',
    points: 1,
    title: {
      ko: '작업용 컴퓨터에서 node1의 80번 포트를 부르자 답했어요',
      en: 'Called from the workstation, port 80 of node1 has answered',
    },
    hints: [
      {
        ko: '파드 안이 아니라 작업용 컴퓨터에서 바로 불러요.',
        en: 'Call from the workstation itself, not from inside a pod.',
      },
    ],
    probe: requestSeen(
      { protocol: 'tcp', from: 'lab', toAddress: '192.168.64.11', toPort: 80, verdict: 'answered' },
      {
        ko: '작업용 컴퓨터에서 192.168.64.11로 보낸 요청이 아직 답을 받지 못했어요.',
        en: 'No request from the workstation to 192.168.64.11 has been answered yet.',
      },
    ),
  },
  {
    id: 'second',
    points: 1,
    title: {
      ko: 'second 파드가 노드를 얻지 못하고 기다려요',
      en: 'The pod second waits and gets no node',
    },
    hints: [
      {
        ko: 'on-host가 실행되는 동안 second를 적용해요.',
        en: 'Apply second while on-host is running.',
      },
    ],
    probe({ client }) {
      const found = client.get(pod, 'second', 'default')
      if (!found) return fail({ ko: 'second 파드가 아직 없어요.', en: 'There is no pod second yet.' })
      const refusal = found.status.conditions?.find(({ type }) => type === 'PodScheduled')?.message ?? ''
      return /free ports/.test(refusal)
        ? pass('Pending')
        : fail(
            { ko: '그 파드는 포트 때문에 기다리고 있지 않아요.', en: 'That pod is not waiting for a port.' },
            found.status.phase,
          )
    },
  },
  {
    id: 'why-pending',
    points: 1,
    needs: ['second'],
    title: { ko: '왜 기다리는지 알아요', en: 'You know why it waits' },
    hints: [
      {
        ko: 'kubectl describe의 Events에 스케줄러의 말이 있어요.',
        en: 'The scheduler speaks in the Events of kubectl describe.',
      },
    ],
    probe: answeredRightly('why-pending', 'port'),
  },
  {
    id: 'door',
    points: 3,
    title: {
      ko: 'node1의 8090번 포트가 door 파드로 이어져요',
      en: 'Port 8090 of node1 leads to the pod door',
    },
    hints: [
      {
        ko: 'ports 목록의 필드 가운데 노드의 포트를 말하는 것을 찾아요.',
        en: 'Among the fields of ports, find the one that speaks of the node.',
      },
      {
        ko: '파드의 포트는 나중에 바꿀 수 없어요. 다시 만들어야 해요.',
        en: 'The ports of a pod cannot be changed later: it has to be made anew.',
      },
    ],
    async probe(world) {
      const found = world.client.get(pod, 'door', 'default')
      if (!found) return fail({ ko: 'door 파드가 없어요.', en: 'There is no pod door.' })
      if (found.spec.hostNetwork)
        return fail({
          ko: 'door가 노드의 네트워크를 통째로 쓰고 있어요. 문은 하나만 열어요.',
          en: 'door uses the whole network of the node. Open one door only.',
        })
      const ready = await podReady('door')(world)
      if (ready.state === 'fail') return ready
      const { stdout, stderr } = await world.run(
        "curl -sS -m 3 -o /dev/null -w '%{http_code}' http://192.168.64.11:8090",
        10_000,
      )
      if (stdout !== '200')
        return fail(
          { ko: 'node1의 8090번 포트가 답하지 않아요.', en: 'Port 8090 of node1 does not answer.' },
          stderr.trim() || `HTTP ${stdout}`,
        )
      const { stdout: log } = await world.run('kubectl logs door --tail=1')
      return /GET \/ .* 200/.test(log)
        ? pass('200')
        : fail(
            { ko: '답했지만 door가 답한 것이 아니에요.', en: 'It answered, but it was not door that did.' },
            log.trim(),
          )
    },
  },
])
