import { deployment } from '#simulator/cluster/kinds/deployment.ts'
import { event } from '#simulator/cluster/kinds/event.ts'
import { pod } from '#simulator/cluster/kinds/pod.ts'
import { defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { podReady } from '#simulator/grading/probes.ts'
import type { World } from '#simulator/grading/world.ts'

const applied = 'kubectl.kubernetes.io/last-applied-configuration'

/** Pods of web that were made and are gone, though no controller took them away. */
function deletedByHand({ client }: World): string[] {
  const told = (what: string) =>
    client
      .list(event, { namespace: 'default' })
      .flatMap(({ message }) => (message?.startsWith(`${what} pod: web-`) ? [message.slice(what.length + 6)] : []))
  const takenAway = new Set(told('Deleted'))
  return told('Created').filter(name => !takenAway.has(name) && !client.get(pod, name, 'default'))
}

export default defineChecks([
  {
    id: 'three',
    points: 2,
    title: { ko: '파일에 적은 대로 web의 파드 셋이 준비됐어요', en: 'As the file says, three pods of web are ready' },
    hints: [
      { ko: '파일을 고친 다음에는 다시 적용해야 해요.', en: 'Once the file is changed it has to be applied again.' },
      {
        ko: '파일의 replicas와 클러스터의 replicas를 비교해요.',
        en: 'Compare replicas in the file with replicas in the cluster.',
      },
    ],
    probe({ client }) {
      const found = client.get(deployment, 'web', 'default')
      if (!found) return fail({ ko: '디플로이먼트 web이 아직 없어요.', en: 'There is no Deployment web yet.' })
      const said = /"replicas":(\d+)/.exec(found.metadata.annotations?.[applied] ?? '')?.[1]
      if (said !== '3')
        return fail(
          { ko: '적용한 파일에 3이라고 적혀 있지 않아요.', en: 'The file that was applied does not say 3.' },
          `replicas: ${said ?? 'not applied'}`,
        )
      if (found.spec.replicas !== 3)
        return fail(
          { ko: '누군가 파일과 다르게 고쳐 놓았어요.', en: 'Someone has changed it away from the file.' },
          `replicas: ${found.spec.replicas}`,
        )
      const ready = found.status.readyReplicas ?? 0
      return ready === 3
        ? pass()
        : fail({ ko: '아직 셋이 준비되지 않았어요.', en: 'Not all three are ready yet.' }, `readyReplicas: ${ready}`)
    },
  },
  {
    id: 'replaced',
    points: 1,
    needs: ['three'],
    title: { ko: '지운 파드 대신 새 파드가 왔어요', en: 'A new pod has come for one that was deleted' },
    hints: [
      {
        ko: '디플로이먼트가 아니라 파드를 지워요.',
        en: 'Delete a pod, not the Deployment.',
      },
    ],
    probe(world) {
      const gone = deletedByHand(world)
      return gone.length > 0
        ? pass(gone.join(', '))
        : fail({ ko: '아직 지운 파드가 없어요.', en: 'No pod has been deleted yet.' })
    },
  },
  {
    id: 'note',
    points: 2,
    title: {
      ko: '직접 쓴 매니페스트로 note 파드를 적용했어요',
      en: 'A manifest of your own has made the pod note',
    },
    hints: [
      {
        ko: '명령이 보여 주는 매니페스트를 파일로 보낼 수 있어요. > 기호를 떠올려요.',
        en: 'What a command shows can go into a file: remember the sign >.',
      },
      {
        ko: 'labels 아래의 값을 고쳐요. 들여쓰기는 빈칸이에요.',
        en: 'Change what stands under labels. Indentation is spaces.',
      },
    ],
    async probe(world) {
      const ready = await podReady('note')(world)
      if (ready.state === 'fail') return ready
      const { metadata, spec } = world.client.get(pod, 'note', 'default')!
      if (metadata.labels?.['team'] !== 'blue')
        return fail(
          { ko: '레이블 team: blue가 없어요.', en: 'The label team: blue is missing.' },
          JSON.stringify(metadata.labels ?? {}),
        )
      if (metadata.annotations?.[applied] === undefined)
        return fail({ ko: 'apply로 만든 파드가 아니에요.', en: 'This pod was not made by apply.' })
      const image = spec.containers[0]?.image
      return image === 'busybox:1.36' ? pass() : fail({ ko: '이미지가 달라요.', en: 'Its image is another.' }, image)
    },
  },
])
