import { deployment } from '#simulator/cluster/kinds/deployment.ts'
import { pod } from '#simulator/cluster/kinds/pod.ts'
import { service } from '#simulator/cluster/kinds/service.ts'
import { defineChecks, fail, type Outcome, pass } from '#simulator/grading/check.ts'
import { answeredRightly } from '#simulator/grading/probes.ts'
import type { World } from '#simulator/grading/world.ts'

/** Whom a Service chooses, and which ports it joins. */
const serviceText = ({ client }: World, name: string) => {
  const { selector, ports } = client.get(service, name, 'default')?.spec ?? {}
  return `${JSON.stringify(selector ?? {})} ${(ports ?? []).map(({ port, targetPort }) => `${port} → ${targetPort}`).join(', ')}`
}

/**
 * Rolls a Deployment while two callers ask its Service ten times a second, and counts what they lose. They call its
 * address: names are not what this is about.
 */
async function rollsWithoutLoss(world: World, name: string, serviceName: string): Promise<Outcome> {
  const address = world.client.get(service, serviceName, 'default')?.spec.clusterIP
  const asking = (file: string) =>
    `kubectl exec client -- sh -c 'while sleep 0.1; do curl -s -m 1 -o /dev/null http://${address}/hostname; echo $?; done' > ${file} &`
  const folder = '/tmp/roll'
  const { stdout } = await world.run(
    [
      `mkdir -p ${folder}; kubectl rollout status deployment ${name} --timeout=60s > /dev/null; sleep 5`,
      `${asking(`${folder}/one`)} ${asking(`${folder}/other`)} sleep 1`,
      `kubectl rollout restart deployment ${name} > /dev/null`,
      `kubectl rollout status deployment ${name} --timeout=60s > /dev/null; echo status $?`,
      `sleep 6; kill %1 %2; wait 2> /dev/null; cat ${folder}/one ${folder}/other`,
    ].join('\n'),
    200_000,
  )
  if (!stdout.includes('status 0'))
    return fail({
      ko: '롤아웃이 1분이 지나도 끝나지 않아요. 새 파드가 준비되지 않아요.',
      en: 'A roll did not finish within a minute: the new pods do not become ready.',
    })
  const codes = stdout.split('\n').filter(line => /^\d+$/.test(line))
  const [refused, silent] = [codes.filter(code => code === '7').length, codes.filter(code => code === '28').length]
  const failed = codes.filter(code => code !== '0').length
  if (codes.length > 20 && failed === 0) return pass(`0 / ${codes.length}`)
  return fail(
    {
      ko: `롤아웃하는 동안 요청 ${codes.length}개 가운데 ${failed}개를 잃었어요.`,
      en: `While it rolled, ${failed} of ${codes.length} requests were lost.`,
    },
    `refused: ${refused}, no answer: ${silent}`,
  )
}

export default defineChecks([
  {
    id: 'rolled',
    points: 1,
    title: {
      ko: 'my-app을 롤아웃했고 my-service는 그 앞에 그대로 있어요',
      en: 'my-app has been rolled, and my-service still stands before it',
    },
    hints: [
      {
        ko: '디플로이먼트와 서비스를 적용한 뒤에 한 번 롤아웃해요.',
        en: 'Apply the Deployment and the Service, then roll once.',
      },
      {
        ko: '서비스의 셀렉터와 포트가 파일에 적힌 그대로인지 봐요.',
        en: 'See whether selector and ports of the Service are as the file has them.',
      },
    ],
    probe(world) {
      const found = world.client.get(deployment, 'my-app', 'default')
      if (!found) return fail({ ko: '디플로이먼트 my-app이 아직 없어요.', en: 'There is no Deployment my-app yet.' })
      const [wanted, seen] = ['{"app":"my-app"} 80 → 8080', serviceText(world, 'my-service')]
      if (seen !== wanted)
        return fail(
          {
            ko: `my-service가 없거나 파일과 달라요. 이래야 해요: ${wanted}`,
            en: `my-service is missing or differs from its file: ${wanted}`,
          },
          seen,
        )
      const revision = Number(found.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 1)
      return revision > 1
        ? pass(`revision ${revision}`)
        : fail(
            { ko: 'my-app을 아직 롤아웃하지 않았어요.', en: 'my-app has not been rolled yet.' },
            `revision ${revision}`,
          )
    },
  },
  {
    id: 'too-early',
    points: 1,
    title: { ko: '새 파드가 언제 명단에 오르는지 알아요', en: 'You know when a new pod gets on the list' },
    hints: [
      {
        ko: '롤아웃하고 2초 뒤에 READY와 AGE를 나란히 봐요. 프로그램은 4초 뒤에야 들어요.',
        en: 'Two seconds after the roll began, compare READY with AGE. The program listens after four.',
      },
    ],
    probe: answeredRightly('too-early', 'started'),
  },
  {
    id: 'gentle',
    points: 3,
    needs: ['rolled'],
    title: {
      ko: '이제 my-app을 롤아웃해도 요청을 하나도 잃지 않아요',
      en: 'Rolling my-app loses not a single request any more',
    },
    hints: [
      {
        ko: 'refused가 많다면 새 파드를, 한두 개만 잃는다면 떠나는 파드를 봐요.',
        en: 'With many refused look at the new pods; with one or two lost, at those that leave.',
      },
      {
        ko: '프로브가 묻는 포트와 프로그램이 듣는 포트를 비교해요.',
        en: 'Compare the port that the probe asks with the port on which the program listens.',
      },
      {
        ko: '파드는 준비된 뒤에 들어오고, 규칙에서 빠진 뒤에 멈춰야 해요. 두 가지 다 파드 템플릿에 적어요.',
        en: 'A pod should come in when it is ready and stop when it is out of the rules; both are said in the template.',
      },
    ],
    probe: world => rollsWithoutLoss(world, 'my-app', 'my-service'),
  },
  {
    id: 'repair',
    points: 4,
    title: {
      ko: '고치기: 다른 디플로이먼트를 롤아웃해도 요청을 잃지 않아요',
      en: 'Repair: the other Deployment rolls without losing a request',
    },
    hints: [
      {
        ko: '롤아웃하는 동안 파드들이 어떤 순서로 오고 가는지 지켜봐요.',
        en: 'Watch in which order pods come and go while it rolls.',
      },
      {
        ko: '요청을 잃지 않게 된 my-app의 spec과 나란히 놓고 비교해요. 파드 템플릿만 보지 말고 strategy도 봐요.',
        en: 'Put its spec beside that of my-app, which loses none any more: not only the template, also the strategy.',
      },
      {
        ko: '빠진 것을 채우거나, 기존 파드가 새 파드보다 먼저 떠나지 않게 해요.',
        en: 'Put in what is missing, or see that no old pod leaves before a new one has come.',
      },
    ],
    async probe(world) {
      const name = world.parameters['shop']!
      const found = world.client.get(deployment, name, 'default')
      const client = world.client.get(pod, 'client', 'default')
      if (!found || !client || !world.client.get(service, name, 'default'))
        return fail({
          ko: `디플로이먼트와 서비스 ${name}, 손님인 client 파드가 모두 있어야 해요.`,
          en: `The Deployment and the Service ${name} and the pod client, its customer, all have to be there.`,
        })
      if (!found.spec.template.spec?.containers.some(({ args }) => args?.join('').includes('sleep 5\n')))
        return fail({
          ko: '프로그램이 뜨는 데 걸리는 5초는 줄일 수 없어요. args는 그대로 둬요.',
          en: 'The five seconds that the program takes cannot be saved; leave args as it was.',
        })
      // As it stands at the start it is known to lose requests: no need to roll it.
      const sinceStart = Date.parse(found.metadata.creationTimestamp!) - Date.parse(client.metadata.creationTimestamp!)
      if (found.metadata.generation === 2 && Math.abs(sinceStart) <= 2000)
        return fail({
          ko: `${name} 디플로이먼트가 아직 처음 그대로예요. 롤아웃하면서 불러 봐요.`,
          en: `The Deployment ${name} is still as it was. Roll it and keep asking.`,
        })
      return rollsWithoutLoss(world, name, name)
    },
  },
])
