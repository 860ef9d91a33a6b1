import { pod } from '#simulator/cluster/kinds/pod.ts'
import { statefulSet } from '#simulator/cluster/kinds/statefulSet.ts'
import { defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { answeredRightly, isReady, requestsLike, waitingText } from '#simulator/grading/probes.ts'

const fromClient = { protocol: 'tcp', from: 'default/client' } as const

export default defineChecks([
  {
    id: 'refused',
    points: 1,
    title: {
      ko: '헤드리스 서비스의 80번을 이름으로 불러 봤어요',
      en: 'You have called port 80 of the headless Service by name',
    },
    hints: [
      {
        ko: 'client에서 choir를 포트 없이 http://로 불러요.',
        en: 'Call choir from client with http:// and no port.',
      },
    ],
    probe(world) {
      const refused = requestsLike(world, { ...fromClient, toPort: 80, verdict: ['refused', 'rejected'] }).find(
        ({ toAddress }) => toAddress.startsWith('10.244.'),
      )
      return refused
        ? pass(`${refused.fromAddress} → ${refused.toAddress}:80`)
        : fail({
            ko: 'client가 choir의 80번을 부른 요청이 아직 없어요.',
            en: 'client has not called port 80 of choir yet.',
          })
    },
  },
  {
    id: 'why-refused',
    points: 1,
    title: { ko: '포트가 바뀌지 않은 까닭을 알아요', en: 'You know why the port was not changed' },
    hints: [
      {
        ko: '두 서비스가 노드의 규칙에 몇 줄씩 나오는지 비교해요.',
        en: "Compare how many lines of the node's rules name each of the two Services.",
      },
    ],
    probe: answeredRightly('why-refused', 'no-rule'),
  },
  {
    id: 'renewed',
    points: 1,
    title: {
      ko: '새로 온 voice-1을 불러 답을 받았어요',
      en: 'The voice-1 that came anew has answered you',
    },
    hints: [
      {
        ko: '파드를 지우면 스테이트풀셋이 같은 이름으로 다시 만들어요.',
        en: 'When the pod is deleted, its StatefulSet makes one of the same name.',
      },
      {
        ko: '파드의 이름 뒤에 헤드리스 서비스의 이름을 점으로 이어 8080번을 불러요.',
        en: "Join the pod's name and the headless Service's with a dot, and call port 8080.",
      },
    ],
    probe(world) {
      const found = world.client.get(pod, 'voice-1', 'default')
      const set = world.client.get(statefulSet, 'voice', 'default')
      if (!found?.status.podIP || !set)
        return fail({ ko: 'voice-1이 아직 오지 않았어요.', en: 'voice-1 has not come yet.' })
      const later = Date.parse(found.metadata.creationTimestamp!) - Date.parse(set.metadata.creationTimestamp!)
      if (later < 2000)
        return fail(
          { ko: 'voice-1이 아직 처음 그 파드예요.', en: 'voice-1 is still the pod that it was at first.' },
          found.status.podIP,
        )
      const toAddress = found.status.podIP
      return requestsLike(world, { ...fromClient, toAddress, toPort: 8080, verdict: 'answered' }).length > 0
        ? pass(toAddress)
        : fail({ ko: 'client가 새 voice-1을 아직 부르지 않았어요.', en: 'client has not called the new voice-1 yet.' })
    },
  },
  {
    id: 'repair',
    points: 4,
    title: {
      ko: '고치기: 세 파드가 저마다 제 이름으로 답해요',
      en: 'Repair: each of the three pods answers by its own name',
    },
    hints: [
      {
        ko: '두 스테이트풀셋의 spec을 나란히 놓고 봐요.',
        en: 'Put the spec of the two StatefulSets side by side.',
      },
      {
        ko: 'serviceName이 말하는 서비스가 정말 있는지 서비스의 목록과 비교해요.',
        en: 'Compare serviceName with the list of Services: is the one that it names really there?',
      },
      {
        ko: 'serviceName은 만든 뒤에 바꿀 수 없어요. 없는 서비스를 만들거나 스테이트풀셋을 다시 만들어요.',
        en: 'serviceName cannot be changed later: make the Service that is missing, or make the StatefulSet anew.',
      },
    ],
    async probe(world) {
      const crew = world.parameters['crew']!
      const set = world.client.get(statefulSet, crew, 'default')
      if (!set) return fail({ ko: `스테이트풀셋 ${crew}: 없어요.`, en: `There is no StatefulSet ${crew}.` })
      const names = [0, 1, 2].map(number => `${crew}-${number}`)
      for (const name of names) {
        const found = world.client.get(pod, name, 'default')
        if (!found || !isReady(found))
          return fail(
            { ko: `${name} 파드가 아직 준비되지 않았어요.`, en: `The pod ${name} is not ready.` },
            found && waitingText(found),
          )
      }
      const { serviceName } = set.spec
      for (const name of names) {
        const place = `${name}.${serviceName}`
        const url = `http://${place}:8080/hostname`
        const { stdout, stderr } = await world.run(`kubectl exec client -- curl -sS -m 3 ${url}`, 10_000)
        if (stdout.trim() !== name)
          return fail(
            {
              ko: `client가 ${place}:8080을 불렀지만 ${name} 파드의 답이 오지 않았어요.`,
              en: `client called ${place}:8080, and ${name} did not answer.`,
            },
            stderr.split('\n')[0] || stdout.trim(),
          )
      }
      return pass(names.map(name => `${name}.${serviceName}`).join(', '))
    },
  },
])
