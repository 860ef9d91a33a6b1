import { type Pod, pod } from '#simulator/cluster/kinds/pod.ts'
import { service } from '#simulator/cluster/kinds/service.ts'
import { fileNames } from '#simulator/grading/answerFile.ts'
import { callsAnswered, callsDropped, type PodCall } from '#simulator/grading/calls.ts'
import { defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { allOf, isReady, waitingText, webAnswers } from '#simulator/grading/probes.ts'
import { askSite } from '#simulator/grading/sites.ts'
import type { World } from '#simulator/grading/world.ts'

const node1 = '192.168.64.11'
const node2 = '192.168.64.12'

/** The pods of an app that are ready. */
function readyPods({ client }: World, app: string, namespace: string): Pod[] {
  return client.list(pod, { namespace, labels: { app } }).filter(isReady)
}

/** A ready pod of an app; without one, what the others wait for. */
function readyPod(world: World, app: string, namespace: string) {
  const [found] = readyPods(world, app, namespace)
  if (found) return { found }
  const other = world.client.list(pod, { namespace, labels: { app } })[0]
  return {
    missing: fail(
      { ko: `준비된 ${app} 파드가 없어요.`, en: `No pod of ${app} is ready.` },
      other ? waitingText(other) : undefined,
    ),
  }
}

/** Every bell calls every other. */
function callsOfBells(world: World): PodCall[] {
  const { bell: namespace, bellPort } = world.parameters
  const bells = readyPods(world, 'bell', namespace!).map(({ metadata }) => `${namespace}/${metadata.name}`)
  return bells.flatMap(from =>
    bells.filter(to => to !== from).map(to => ({ from: `${from}/tools`, to, port: Number(bellPort) })),
  )
}

export default defineChecks([
  {
    id: 'kiosk',
    points: 3,
    title: {
      ko: '1. 매점의 두 컨테이너가 저마다 제 포트에서 답해요',
      en: '1. Both containers of the kiosk answer, each at its port',
    },
    hints: [
      {
        ko: '준비되지 않은 컨테이너의 로그 마지막 줄을 읽어요.',
        en: 'Read the last line of the log of the container that is not ready.',
      },
      {
        ko: '한 파드의 컨테이너들은 포트도 함께 써요. 하나가 다른 포트에서 들어야 해요.',
        en: 'The containers of a pod share its ports: one of them has to listen elsewhere.',
      },
    ],
    probe(world) {
      const { kiosk, backPort } = world.parameters
      const { found, missing } = readyPod(world, 'kiosk', kiosk!)
      if (!found) return missing
      const at = `http://${found.status.podIP}`
      return allOf(
        webAnswers({ from: 'probe', url: `${at}:8080`, contains: 'front of the kiosk' }),
        webAnswers({ from: 'probe', url: `${at}:${backPort}`, contains: 'back of the kiosk' }),
      )(world)
    },
  },
  {
    id: 'courier',
    points: 3,
    title: { ko: '2. 배달부가 정해진 노드에서 소포를 내줘요', en: '2. The courier hands out parcels on its node' },
    hints: [
      {
        ko: '파드의 상태와 이벤트를 봐요. 이벤트가 하나도 없는 것도 단서예요.',
        en: 'Look at the state of the pod and at its events. That there are none is a clue as well.',
      },
      {
        ko: '누가 노드를 골라 주는지, 이미지가 있는지, 무엇을 물어 준비됐다고 하는지를 매니페스트에서 차례로 봐요.',
        en: 'See in the manifest who is to choose its node, whether its image exists, and what is asked before it counts as ready.',
      },
    ],
    probe(world) {
      const { courier, courierNode } = world.parameters
      const { found, missing } = readyPod(world, 'courier', courier!)
      if (!found) return missing
      const astray = readyPods(world, 'courier', courier!).find(({ spec }) => spec.nodeName !== courierNode)
      if (astray)
        return fail(
          { ko: '배달부의 파드가 다른 노드에 있어요.', en: 'A pod of the courier is on another node.' },
          astray.spec.nodeName,
        )
      return webAnswers({ from: 'probe', url: `http://courier.${courier}`, contains: 'a parcel' })(world)
    },
  },
  {
    id: 'mill',
    points: 3,
    title: { ko: '3. 방앗간의 서비스가 밀가루를 내줘요', en: '3. The Service of the mill brings flour' },
    hints: [
      {
        ko: '서비스의 Selector, TargetPort, Endpoints를 파드의 레이블과 포트에 맞춰 봐요.',
        en: 'Put Selector, TargetPort and Endpoints of the Service beside the labels and ports of the pod.',
      },
    ],
    probe(world) {
      const { mill } = world.parameters
      const { found, missing } = readyPod(world, 'mill', mill!)
      if (!found) return missing
      return webAnswers({ from: 'probe', url: `http://mill.${mill}`, contains: 'flour' })(world)
    },
  },
  {
    id: 'reader',
    points: 3,
    title: { ko: '4. reader가 신문을 받아요', en: '4. The reader gets its paper' },
    hints: [
      {
        ko: 'reader가 부르는 이름은 어느 네임스페이스의 서비스를 뜻하나요? 포트도 봐요.',
        en: 'To which namespace does the name that reader calls belong? See to the port as well.',
      },
    ],
    async probe(world) {
      const { reader, press, pressPort } = world.parameters
      const { found, missing } = readyPod(world, 'reader', reader!)
      if (!found) return missing
      const name = found.metadata.name
      const { stdout } = await world.run(`sleep 7; kubectl logs -n ${reader} ${name} --since=4s`, 20_000)
      if (!stdout.includes('the morning paper'))
        return fail(
          { ko: 'reader가 아직 신문을 받지 못해요.', en: 'reader still gets no paper.' },
          stdout.trim().split('\n').at(-1),
        )
      return webAnswers(
        { from: 'probe', url: `http://press.${press}:${pressPort}`, contains: 'the morning paper' },
        {
          ko: 'press가 원래 이름과 포트에서 답하지 않아요.',
          en: 'press does not answer at its own name and port any more.',
        },
      )(world)
    },
  },
  {
    id: 'ferry',
    points: 4,
    title: { ko: '5. 나룻배가 두 노드의 문에서 손님을 태워요', en: '5. The ferry takes passengers at both nodes' },
    hints: [
      {
        ko: '서비스의 type과 PORT(S) 칸, 파드가 있는 노드를 봐요.',
        en: 'Look at the type of the Service, at its column PORT(S), and at the node of its pod.',
      },
      {
        ko: '파드가 없는 노드로 온 요청을 다른 노드로 넘기는지도 봐요.',
        en: 'See as well whether a node without a pod passes calls on to another node.',
      },
    ],
    probe(world) {
      const { ferry, ferryPort } = world.parameters
      const contains = 'all aboard'
      return allOf(
        webAnswers({ url: `http://${node1}:${ferryPort}`, contains }),
        webAnswers({ url: `http://${node2}:${ferryPort}`, contains }),
        webAnswers({ from: 'probe', url: `http://ferry.${ferry}`, contains }),
      )(world)
    },
  },
  {
    id: 'site',
    points: 4,
    title: {
      ko: '6. 간판의 이름으로 사이트의 페이지가 와요',
      en: '6. The name on the sign brings the page of the site',
    },
    hints: [
      {
        ko: '오류 번호를 읽어요. 맞는 규칙이 없는 것과 넘길 곳이 없는 것은 번호가 달라요.',
        en: 'Read the error number: no rule that fits and no place to go have different ones.',
      },
      {
        ko: '인그레스의 클래스, 이름, 백엔드를 컨트롤러와 서비스에 맞춰 봐요.',
        en: 'Put class, host and backend of the Ingress beside the controller and the Service.',
      },
    ],
    async probe(world) {
      const { site } = world.parameters
      const door = world.client
        .get(service, 'ingress-nginx-controller', 'ingress-nginx')
        ?.spec.ports?.find(({ port }) => port === 80)?.nodePort
      if (!door) return fail({ ko: '컨트롤러의 노드 포트가 없어요.', en: 'The controller has no node port any more.' })
      const { page, text } = await askSite(world, { at: `${node1}:${door}`, url: `http://${site}.example/` })
      return page === `welcome to the ${site}`
        ? pass(page)
        : fail({ ko: '그 사이트의 페이지가 오지 않아요.', en: 'The page of that site does not come.' }, text)
    },
  },
  {
    id: 'vault-shut',
    points: 2,
    title: { ko: '7. 금고가 남에게 닫혀 있어요', en: '7. The vault is shut to strangers' },
    hints: [
      {
        ko: 'probe, visitor, janitor에서 8080번을, 들여보낼 파드에서 9090번을 불러 봐요.',
        en: 'Call port 8080 from probe, visitor and janitor, and port 9090 from the pod that may come in.',
      },
    ],
    probe(world) {
      const { vault, guests } = world.parameters
      const to = `${vault}/vault`
      return callsDropped(
        { from: 'default/probe', to, port: 8080 },
        { from: `${guests}/visitor`, to, port: 8080 },
        { from: `${vault}/janitor`, to, port: 8080 },
        { from: `${guests}/keeper`, to, port: 9090 },
        { from: `${vault}/janitor`, to, port: 9090 },
      )(world)
    },
  },
  {
    id: 'vault-one',
    points: 3,
    needs: ['vault-shut'],
    title: { ko: '7. 들여보낼 파드만 금고에 들어가요', en: '7. Whoever may come into the vault does' },
    hints: [
      {
        ko: '네임스페이스와 파드의 레이블을 함께 거는 항목은 하나예요. 포트는 파드의 포트예요.',
        en: 'Namespace and pod are asked for together, in one entry. The port is that of the pod.',
      },
    ],
    async probe(world) {
      const { vault, guests, role } = world.parameters
      // Somebody who comes later with the label may enter, and somebody without may not.
      const run = (name: string, label: string) =>
        world.run(
          `kubectl run -n ${guests} ${name} --image=nicolaka/netshoot:v0.13 --labels=role=${label} -- sleep infinity`,
          10_000,
        )
      await run('late', role!)
      await run('later', 'nobody')
      await world.run(`kubectl wait -n ${guests} pod/late pod/later --for=condition=Ready --timeout=30s`, 40_000)
      await world.run('sleep 3', 10_000)
      const to = `${vault}/vault`
      return allOf(
        webAnswers({ from: 'keeper', namespace: guests!, url: `http://vault.${vault}`, contains: 'gold' }),
        callsAnswered({ from: `${guests}/late`, to, port: 8080 }),
        callsDropped({ from: `${guests}/later`, to, port: 8080 }),
      )(world)
    },
  },
  {
    id: 'bell-node',
    points: 2,
    title: {
      ko: '8. bell.txt에 패킷이 버려지는 노드가 적혀 있어요',
      en: '8. bell.txt names the node where packets are dropped',
    },
    hints: [
      {
        ko: '어느 종을 부를 때 답이 없는지, 세 종에서 서로를 불러 표로 적어요.',
        en: 'Call each bell from each other, and note in a table which is silent.',
      },
    ],
    probe: fileNames('bell.txt', 'bellNode', {
      ko: '그 노드는 패킷을 버리지 않아요.',
      en: 'That node drops no packets.',
    }),
  },
  {
    id: 'bell-rings',
    points: 3,
    title: { ko: '8. 모든 종이 서로를 불러요', en: '8. All bells call each other' },
    hints: [
      {
        ko: 'kubehop trace가 버려진 곳의 규칙을 말해 줘요. 규칙이 어느 표에 있는지도 봐요.',
        en: 'kubehop trace tells the rule that drops. See in which table that rule is.',
      },
    ],
    probe(world) {
      const { bell } = world.parameters
      const on = new Set(readyPods(world, 'bell', bell!).map(({ spec }) => spec.nodeName))
      const missing = ['node1', 'node2', 'node3'].find(node => !on.has(node))
      if (missing) return fail({ ko: '종이 없는 노드가 있어요.', en: 'A node has no bell.' }, missing)
      return callsAnswered(...callsOfBells(world))(world)
    },
  },
])
