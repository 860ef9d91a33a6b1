import { deployment } from '#simulator/cluster/kinds/deployment.ts'
import { service } from '#simulator/cluster/kinds/service.ts'
import { defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { answeredRightly, requestsLike } from '#simulator/grading/probes.ts'
import type { World } from '#simulator/grading/world.ts'

const backend = ({ client }: World) => client.get(service, 'backend-service', 'default')
const externalAddress = (world: World) => backend(world)?.status?.loadBalancer?.ingress?.[0]?.ip

export default defineChecks([
  {
    id: 'by-node-port',
    points: 1,
    title: {
      ko: '주소를 기다리는 동안 노드의 포트로 backend-service를 불렀어요',
      en: 'You have called backend-service by a port of the nodes',
    },
    hints: [
      {
        ko: '서비스 목록의 PORT(S)에서 80 뒤에 붙은 번호를 봐요.',
        en: 'In the list of Services, look at PORT(S): which number stands behind 80?',
      },
    ],
    probe(world) {
      const port = backend(world)?.spec.ports?.[0]?.nodePort
      if (port === undefined)
        return fail({
          ko: '노드의 포트를 연 backend-service가 아직 없어요.',
          en: 'There is no backend-service with a port of the nodes yet.',
        })
      const asked = requestsLike(world, { from: 'lab', protocol: 'tcp', toPort: port, verdict: 'answered' }).at(-1)
      return asked
        ? pass(`${asked.toAddress}:${port}`)
        : fail({
            ko: '이 컴퓨터에서 노드의 그 포트로 보내 답을 받은 요청이 아직 없어요.',
            en: 'No request from this computer to that port of a node has been answered yet.',
          })
    },
  },
  {
    id: 'reachable',
    points: 3,
    title: {
      ko: 'EXTERNAL-IP로 부르면 세 파드 가운데 하나가 답해요',
      en: 'At its EXTERNAL-IP, one of three pods answers',
    },
    hints: [
      {
        ko: '서비스의 이벤트를 봐요. 이벤트가 없나요, 주소가 모자라나요, 알리는 노드가 없나요?',
        en: 'Look at the events of the Service: are there none, are addresses lacking, or does no node announce it?',
      },
      {
        ko: '주소를 정하는 것과 그 주소의 주인이라고 답하는 것은 서로 다른 일이에요.',
        en: 'Giving out an address is one thing, answering for it on the LAN is another.',
      },
    ],
    async probe(world) {
      const ready = world.client.get(deployment, 'backend-deployment', 'default')?.status?.readyReplicas ?? 0
      if (ready !== 3)
        return fail(
          { ko: 'backend-deployment에 준비된 파드가 셋이어야 해요.', en: 'backend-deployment needs three ready pods.' },
          String(ready),
        )
      const address = externalAddress(world)
      if (!address)
        return fail(
          { ko: 'backend-service에 아직 바깥 주소가 없어요.', en: 'backend-service has no external address yet.' },
          '<pending>',
        )
      const { stdout, stderr } = await world.run(`curl -sS -m 5 http://${address}`, 10_000)
      return stdout.includes('Hello, world!')
        ? pass(address)
        : fail(
            {
              ko: '주소는 있지만 그 주소의 80번에서 답이 오지 않아요.',
              en: 'There is an address, but no answer comes from its port 80.',
            },
            stderr.trim(),
          )
    },
  },
  {
    id: 'who-answers-arp',
    points: 1,
    title: { ko: '누가 그 주소의 주인이라고 답하는지 알아요', en: 'You know who answers for the address' },
    hints: [
      {
        ko: 'ip neigh에 나온 이더넷 주소는 몇 대의 노드의 것인가요?',
        en: 'How many nodes have the Ethernet address that ip neigh shows?',
      },
    ],
    probe: answeredRightly('who-answers-arp', 'one-speaker', {
      ko: 'ip neigh에 나온 이더넷 주소를 노드들의 것과 견줘 봐요.',
      en: 'Compare the Ethernet address in ip neigh with those of the nodes.',
    }),
  },
  {
    id: 'till',
    points: 3,
    title: { ko: 'till이 바란 주소에서 답해요', en: 'till answers at the address that it wishes for' },
    hints: [
      {
        ko: 'till 서비스의 이벤트는 무엇이 안 된다고 하나요?',
        en: 'What do the events of the Service till say is not allowed?',
      },
      {
        ko: '바란 주소와 주소 모음(IPAddressPool)에 든 주소를 견줘 봐요.',
        en: 'Compare the address wished for with those in the IPAddressPool.',
      },
    ],
    async probe(world) {
      const wanted = world.parameters['address'] ?? ''
      const given = world.client.get(service, 'till', 'default')?.status?.loadBalancer?.ingress?.[0]?.ip
      if (given !== wanted)
        return fail(
          { ko: 'till에 아직 그 주소가 없어요.', en: 'till does not have that address yet.' },
          given ?? '<pending>',
        )
      const { stdout, stderr } = await world.run(`curl -sS -m 5 http://${wanted}`, 10_000)
      return stdout.includes('the till is open')
        ? pass(wanted)
        : fail(
            {
              ko: '주소는 적혀 있지만 거기서 답이 오지 않아요.',
              en: 'The address is there, but no answer comes from it.',
            },
            stderr.trim(),
          )
    },
  },
])
