import { pod } from '#simulator/cluster/kinds/pod.ts'
import { service } from '#simulator/cluster/kinds/service.ts'
import { fileNames } from '#simulator/grading/answerFile.ts'
import { type Check, defineChecks, fail, type Outcome, pass } from '#simulator/grading/check.ts'
import { allOf, answeredRightly, isReady, requestsLike, webAnswers } from '#simulator/grading/probes.ts'
import type { World } from '#simulator/grading/world.ts'

const nodes = ['node1', 'node2', 'node3']
/** Fewer calls than this say little about three boards. */
const callsEnough = 6

/** The ready board of a node. */
const boardOn = ({ client }: World, node: string) =>
  client.onNode(pod, node).find(one => one.metadata.labels?.['app'] === 'board' && isReady(one))

/** Every node has a board that answers at its own address. */
const boardsAnswer: Check['probe'] = async world => {
  for (const node of nodes) {
    const board = boardOn(world, node)
    if (!board)
      return fail({ ko: '준비된 게시판이 없는 노드가 있어요.', en: 'A node has no board that is ready.' }, node)
    const outcome = await webAnswers(
      { from: 'caller', url: `http://${board.status.podIP}:8080`, contains: `board of ${node}` },
      {
        ko: '게시판이 떠 있지만 그 파드까지 패킷이 오가지 못하는 노드가 있어요.',
        en: 'A board runs, but no packets get to its pod and back.',
      },
    )(world)
    if (outcome.state === 'fail') return { ...outcome, evidence: `${node}: ${outcome.evidence}` }
  }
  return pass()
}

/** A pod that is started now comes up on the node that was ill, and stays. */
const newPodsStart: Check['probe'] = async (world): Promise<Outcome> => {
  const node = world.parameters['node']!
  const place = `{"spec":{"nodeName":"${node}"}}`
  await world.run(`kubectl run newcomer --image=hashicorp/http-echo:1.0 --overrides='${place}'`, 10_000)
  const { status } = await world.run('kubectl wait pod/newcomer --for=condition=Ready --timeout=30s', 40_000)
  return status === 0
    ? pass()
    : fail(
        {
          ko: '그 노드에 새로 띄운 파드가 준비되지 않아요.',
          en: 'A pod that is started on that node does not get ready.',
        },
        node,
      )
}

export default defineChecks([
  {
    id: 'symptom',
    points: 1,
    title: { ko: '게시판을 여러 번 불러 증상을 봤어요', en: 'You have called the boards often enough to see it' },
    hints: [
      {
        ko: 'caller 파드에서 서비스 board를 여섯 번 넘게 불러요.',
        en: 'Call the Service board from the pod caller six times or more.',
      },
    ],
    probe(world) {
      const toAddress = world.client.get(service, 'board', 'default')?.spec.clusterIP
      const calls = toAddress ? requestsLike(world, { from: 'default/caller', toAddress, toPort: 80 }) : []
      return calls.length >= callsEnough
        ? pass(String(calls.length))
        : fail(
            { ko: 'caller에서 board를 부른 횟수가 아직 적어요.', en: 'caller has not called board often enough yet.' },
            String(calls.length),
          )
    },
  },
  {
    id: 'ready-but',
    points: 1,
    title: {
      ko: '새 파드만 뜨지 않을 때 볼 곳을 알아요',
      en: 'You know where to look when only new pods do not start',
    },
    hints: [
      {
        ko: '후보마다 그것이 고장이라면 노드의 상태와 떠 있던 파드가 어땠을지 따져요.',
        en: 'Ask of each answer: with that broken, how would the node and the pods that ran before look?',
      },
    ],
    probe: answeredRightly('ready-but', 'events'),
  },
  {
    id: 'node',
    points: 2,
    title: { ko: 'node.txt에 아픈 노드가 적혀 있어요', en: 'node.txt names the node that is ill' },
    hints: [
      {
        ko: '답한 게시판의 노드를 세 노드에서 지워 가면 하나가 남아요.',
        en: 'Cross out the nodes whose boards answered. One is left.',
      },
    ],
    probe: fileNames('node.txt', 'node', {
      ko: '그 노드의 게시판은 답하거나, 노드의 이름이 아니에요.',
      en: 'The board of that node answers, or this is not the name of a node.',
    }),
  },
  {
    id: 'cause',
    points: 2,
    title: { ko: 'cause.txt에 원인이 적혀 있어요', en: 'cause.txt names the cause' },
    hints: [
      {
        ko: '세 가지를 따로 물어요. 노드의 STATUS, 그 노드에 게시판 파드가 있는지와 그 상태, 파드의 주소로 부른 결과예요.',
        en: 'Ask three things: the STATUS of the node, whether a board is on it and in which state, and what a call to the address of that pod brings.',
      },
      {
        ko: '파드가 아예 없으면 노드의 describe를, 뜨다 말았으면 파드의 describe를 봐요.',
        en: 'If there is no pod at all, describe the node. If it is stuck while starting, describe the pod.',
      },
      {
        ko: '파드가 Ready인데 주소로 불러도 답이 없으면 패킷을 따라가요.',
        en: 'If the pod is ready and yet silent at its own address, follow a packet.',
      },
    ],
    probe: fileNames('cause.txt', 'cause', {
      ko: '그 원인이라면 노드의 상태나 게시판 파드의 상태가 지금과 달랐을 거예요.',
      en: 'With that cause, the node or the pod of the board would have been in another state.',
    }),
  },
  {
    id: 'repair',
    points: 3,
    title: {
      ko: '세 노드의 게시판이 모두 답하고, 새 파드도 떠요',
      en: 'The boards of all three nodes answer, and new pods start',
    },
    hints: [
      {
        ko: '고칠 곳은 원인에 따라 노드의 서비스, 플러그인의 파드, 커널 설정, 노드 오브젝트 가운데 하나예요.',
        en: 'Depending on the cause it is a service of the node, the pod of the plugin, a setting of the kernel, or the Node object.',
      },
      {
        ko: '플러그인이 제 파일을 쓰는 것은 그 노드의 플러그인 파드가 시작할 때예요.',
        en: 'A plugin writes its files when its own pod starts on that node.',
      },
      {
        ko: '노드가 나은 뒤 게시판이 다시 서기까지 십여 초가 걸릴 수 있어요.',
        en: 'Once the node is well, it may take ten seconds or more until its board stands again.',
      },
    ],
    probe: allOf(boardsAnswer, newPodsStart),
  },
  {
    id: 'rest',
    points: 1,
    needs: ['repair'],
    title: {
      ko: '게시판은 세 노드에만 있고, clock도 답해요',
      en: 'Boards are on the three nodes only, and clock answers',
    },
    hints: [
      {
        ko: '게시판이 아무 노드에나 뜨게 바꾸지 않았는지, 다른 것을 지우지 않았는지 봐요.',
        en: 'See that boards were not let onto just any node, and that nothing else was deleted.',
      },
    ],
    probe: allOf(
      world =>
        boardOn(world, 'control-plane')
          ? fail({ ko: '컨트롤 플레인에도 게시판이 생겼어요.', en: 'The control plane has a board now, too.' })
          : pass(),
      webAnswers({ from: 'caller', url: 'http://clock', contains: 'midnight' }),
      webAnswers({ from: 'caller', url: 'http://board', contains: 'board of' }),
    ),
  },
])
