import { deployment } from '#simulator/cluster/kinds/deployment.ts'
import { endpointSlice } from '#simulator/cluster/kinds/endpointSlice.ts'
import { pod } from '#simulator/cluster/kinds/pod.ts'
import { service } from '#simulator/cluster/kinds/service.ts'
import { defineChecks, fail, pass } from '#simulator/grading/check.ts'
import type { World } from '#simulator/grading/world.ts'

const sleepPods = ({ client }: World, name: string) =>
  client.list(pod, { namespace: 'default', labels: { app: name } }).filter(one => !one.metadata.deletionTimestamp)

const readyAddresses = ({ client }: World, name: string) =>
  client
    .list(endpointSlice, { namespace: 'default', labels: { 'kubernetes.io/service-name': name } })
    .flatMap(slice => slice.endpoints ?? [])
    .filter(endpoint => endpoint.conditions?.ready !== false)
    .flatMap(endpoint => endpoint.addresses)

/** Echo requests from a sleep-1 pod to an address that no Service has. */
const echoesToPods = (world: World) => {
  const addresses = new Set(world.client.list(service).map(one => one.spec.clusterIP))
  return world.requests.filter(
    request =>
      request.protocol === 'icmp' && request.from.startsWith('default/sleep-1-') && !addresses.has(request.toAddress),
  )
}

export default defineChecks([
  {
    id: 'pods-run',
    points: 1,
    title: { ko: 'sleep-1과 sleep-2의 파드가 하나씩 준비됐어요', en: 'sleep-1 and sleep-2 each have a ready pod' },
    hints: [
      {
        ko: '작업 폴더에 어떤 파일이 있는지, 클러스터에 어떤 파드가 있는지 봐요.',
        en: 'Look at the files in the working directory, and at the pods in the cluster.',
      },
      {
        ko: '매니페스트는 클러스터에 적용해야 파드가 돼요.',
        en: 'A manifest becomes a pod only when it is applied to the cluster.',
      },
    ],
    probe({ client }) {
      for (const name of ['sleep-1', 'sleep-2']) {
        const found = client.get(deployment, name, 'default')
        if (!found)
          return fail({ ko: `디플로이먼트 ${name}이 아직 없어요.`, en: `There is no Deployment ${name} yet.` })
        const ready = found.status.readyReplicas ?? 0
        if (ready === 0)
          return fail(
            { ko: `${name}의 파드가 아직 준비되지 않았어요.`, en: `No pod of ${name} is ready yet.` },
            `readyReplicas: ${ready}`,
          )
      }
      return pass()
    },
  },
  {
    id: 'ping-address',
    points: 1,
    needs: ['pods-run'],
    title: {
      ko: 'sleep-1이 sleep-2 파드를 주소로 부르고 답을 받았어요',
      en: 'sleep-1 called the pod of sleep-2 by its address and got an answer',
    },
    hints: [
      { ko: '파드의 주소는 파드의 status에 있어요.', en: "A pod's address stands in its status." },
      {
        ko: 'sleep-1 파드 안에서 실행해야 해요. 작업용 컴퓨터에서 부르는 것과 달라요.',
        en: 'It has to run inside the pod of sleep-1; calling from the workstation is something else.',
      },
    ],
    probe(world) {
      const echoes = echoesToPods(world)
      if (echoes.some(echo => echo.verdict === 'answered')) return pass()
      return echoes.length === 0
        ? fail({
            ko: 'sleep-1에서 파드의 주소로 보낸 ping이 아직 없어요.',
            en: 'No ping from sleep-1 to the address of a pod has been seen yet.',
          })
        : fail(
            { ko: '그 주소에서 답이 오지 않았어요.', en: 'Nothing answered from that address.' },
            `${echoes.at(-1)?.fromAddress} > ${echoes.at(-1)?.toAddress}`,
          )
    },
  },
  {
    id: 'new-address',
    points: 1,
    needs: ['ping-address'],
    title: {
      ko: '처음 부른 파드가 새 파드로 바뀌었어요',
      en: 'The pod that was called first has been replaced',
    },
    hints: [
      { ko: '파드를 지우면 디플로이먼트가 어떻게 할까요?', en: 'What does the Deployment do when a pod is deleted?' },
      {
        ko: '디플로이먼트가 아니라 파드를 지워요. 레이블로 고를 수 있어요.',
        en: 'Delete the pod, not the Deployment. A label can choose it.',
      },
    ],
    probe(world) {
      const called = echoesToPods(world).filter(echo => echo.verdict === 'answered')
      const addresses = sleepPods(world, 'sleep-2').flatMap(one => (one.status.podIP ? [one.status.podIP] : []))
      if (addresses.length === 0)
        return fail({ ko: '새 파드를 기다리는 중이에요.', en: 'The new pod is still on its way.' })
      return called.every(echo => addresses.includes(echo.toAddress))
        ? fail(
            { ko: '처음에 부른 파드가 아직 그대로 있어요.', en: 'The pod that was called is still the same one.' },
            addresses.join(', '),
          )
        : pass(addresses.join(', '))
    },
  },
  {
    id: 'service',
    points: 2,
    needs: ['pods-run'],
    title: {
      ko: '서비스 sleep-2가 sleep-2 파드를 찾아요',
      en: 'A Service sleep-2 finds the pod of sleep-2',
    },
    hints: [
      { ko: '서비스는 셀렉터로 파드를 찾아요.', en: 'A Service finds its pods by its selector.' },
      {
        ko: '서비스의 셀렉터와 파드의 레이블을 나란히 놓고 비교해요.',
        en: "Compare the Service's selector with the pod's labels, side by side.",
      },
    ],
    probe(world) {
      const found = world.client.get(service, 'sleep-2', 'default')
      if (!found) {
        const elsewhere = world.client.list(service).find(one => one.metadata.name === 'sleep-2')
        if (!elsewhere) return fail({ ko: '서비스 sleep-2가 아직 없어요.', en: 'There is no Service sleep-2 yet.' })
        const { namespace } = elsewhere.metadata
        return fail({
          ko: `서비스 sleep-2가 네임스페이스 ${namespace}에 있어요. 파드는 default에 있어요.`,
          en: `The Service sleep-2 is in namespace ${namespace}; the pods are in default.`,
        })
      }
      const pods = new Set(sleepPods(world, 'sleep-2').map(one => one.status.podIP))
      const addresses = readyAddresses(world, 'sleep-2')
      if (addresses.some(address => pods.has(address))) return pass(addresses.join(', '))
      return fail(
        {
          ko: '서비스는 있지만 sleep-2 파드가 엔드포인트에 없어요. 셀렉터가 맞지 않아요.',
          en: 'The Service is there, but the pod of sleep-2 is not among its endpoints: the selector does not match.',
        },
        `selector: ${JSON.stringify(found.spec.selector ?? {})}`,
      )
    },
  },
  {
    id: 'ping-name',
    points: 1,
    needs: ['service'],
    title: {
      ko: 'sleep-1에서 서비스의 이름으로 ping을 보내 봤어요',
      en: 'sleep-1 has pinged the Service by its name',
    },
    hints: [
      {
        ko: '이번에는 파드의 주소 대신 서비스의 이름을 써요.',
        en: 'This time use the name of the Service instead of the address of a pod.',
      },
    ],
    probe({ client, requests }) {
      const address = client.get(service, 'sleep-2', 'default')?.spec.clusterIP
      const echo = requests.find(
        request =>
          request.protocol === 'icmp' && request.from.startsWith('default/sleep-1-') && request.toAddress === address,
      )
      return echo
        ? pass(`${echo.fromAddress} > ${echo.toAddress}`)
        : fail({
            ko: 'sleep-1에서 서비스 주소로 보낸 ping이 아직 없어요.',
            en: 'No ping from sleep-1 to the address of the Service has been seen yet.',
          })
    },
  },
  {
    id: 'curl-name',
    points: 1,
    needs: ['service'],
    title: {
      ko: 'sleep-1에서 http://sleep-2 가 응답해요',
      en: 'From sleep-1, http://sleep-2 answers',
    },
    hints: [
      {
        ko: '서비스의 포트와 요청하는 포트를 비교해요.',
        en: 'Compare the port of the Service with the port you ask for.',
      },
      {
        ko: 'http:// 만 쓰면 80번 포트로 가요. 서비스가 그 포트를 열었나요?',
        en: 'Plain http:// goes to port 80. Does the Service have that port?',
      },
    ],
    async probe(world) {
      const { stdout, stderr, status } = await world.run(
        "kubectl exec deploy/sleep-1 -- curl -sS -o /dev/null -m 5 -w '%{http_code}' http://sleep-2",
        20_000,
      )
      if (status === 0 && stdout.trim() === '200') return pass('200')
      const ports = world.client.get(service, 'sleep-2', 'default')?.spec.ports?.map(port => port.port)
      return fail(
        {
          ko: `요청이 응답을 받지 못했어요. 서비스가 연 포트: ${ports?.join(', ') ?? '없음'}.`,
          en: `The request got no answer. Ports of the Service: ${ports?.join(', ') ?? 'none'}.`,
        },
        stderr.split('\n')[0] || `HTTP ${stdout}`,
      )
    },
  },
  {
    id: 'why',
    points: 1,
    needs: ['ping-name'],
    title: {
      ko: '규칙이 무엇을 나르고 무엇을 안 나르는지 알아요',
      en: 'You know what the rules carry and what they do not',
    },
    hints: [
      {
        ko: '노드에서 iptables-save를 실행하고 sleep-2가 나오는 줄을 읽어요.',
        en: 'Run iptables-save on a node and read the lines that name sleep-2.',
      },
      {
        ko: '줄마다 -p 뒤에 무엇이 있는지 비교해요.',
        en: 'Compare what stands after -p in each line.',
      },
    ],
    probe({ answers }) {
      const answer = answers.get('why-only-ping')
      if (answer === 'no-rule') return pass()
      return answer === undefined
        ? fail({ ko: '본문의 질문에 아직 답하지 않았어요.', en: 'The question in the text is not answered yet.' })
        : fail({
            ko: '그 답은 관찰과 맞지 않아요. 규칙을 다시 읽어요.',
            en: 'That answer does not agree with what was observed. Read the rules again.',
          })
    },
  },
  {
    id: 'repair',
    points: 3,
    needs: ['pods-run'],
    title: {
      ko: '고치기: sleep-1에서 http://shop 이 응답해요',
      en: 'Repair: from sleep-1, http://shop answers',
    },
    hints: [
      {
        ko: '이름에서 시작해 주소, 엔드포인트, 파드, 포트 순서로 따라가요.',
        en: 'Follow it from the name to the address, the endpoints, the pod and its port.',
      },
      {
        ko: '서비스의 셀렉터를 파드의 레이블과 비교하고, targetPort를 컨테이너가 듣는 포트와 비교해요.',
        en: "Compare the Service's selector with the pod's labels, and its targetPort with the port the container listens on.",
      },
      {
        ko: '고칠 곳은 서비스에 두 군데예요. 디플로이먼트는 그대로 둬요.',
        en: 'Two values of the Service need a change. The Deployment can stay as it is.',
      },
    ],
    async probe(world) {
      const found = world.client.get(service, 'shop', 'default')
      if (!found) return fail({ ko: '서비스 shop이 없어요.', en: 'There is no Service shop.' })
      if (readyAddresses(world, 'shop').length === 0)
        return fail(
          {
            ko: '서비스 shop에 엔드포인트가 없어요. 셀렉터가 어떤 파드와도 맞지 않아요.',
            en: 'The Service shop has no endpoint: its selector matches no pod that is ready.',
          },
          `selector: ${JSON.stringify(found.spec.selector ?? {})}`,
        )
      const { stdout, stderr, status } = await world.run(
        "kubectl exec deploy/sleep-1 -- curl -sS -o /dev/null -m 5 -w '%{http_code}' http://shop",
        20_000,
      )
      if (status === 0 && stdout.trim() === '200') return pass('200')
      const target = found.spec.ports?.map(port => `${port.port} → ${port.targetPort ?? port.port}`).join(', ')
      return fail(
        {
          ko: `엔드포인트까지는 찾았지만 파드가 연결을 거절해요. 서비스의 포트: ${target}.`,
          en: `The endpoint is found, but the pod refuses the connection. Ports of the Service: ${target}.`,
        },
        stderr.split('\n')[0] || `HTTP ${stdout}`,
      )
    },
  },
])
