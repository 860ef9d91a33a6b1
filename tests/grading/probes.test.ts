import { expect, test } from 'vitest'
import { referenceCluster } from '#simulator/cluster/definition.ts'
import type { Outcome } from '#simulator/grading/check.ts'
import { allOf, answeredRightly, podReady, requestSeen, webAnswers, webStaysSilent } from '#simulator/grading/probes.ts'
import { Lab } from '#simulator/lab.ts'

const words = { ko: '없어요', en: 'missing' }
const pods = `apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers: [{name: web, image: nginx:1.27}]
---
apiVersion: v1
kind: Pod
metadata: {name: broken}
spec:
  containers: [{name: web, image: "nginx:1.27", command: ["false"]}]
`

async function labWithPods(): Promise<Lab> {
  const lab = await Lab.boot({ cluster: referenceCluster, files: { 'pods.yaml': pods } }, 1)
  await lab.run('kubectl apply -f pods.yaml')
  await lab.settle()
  return lab
}

const shown = (outcome: Outcome) =>
  outcome.state === 'pass' ? 'pass' : `${outcome.reason.en} ${outcome.evidence ?? ''}`.trim()

test('a pod that is missing, one that fails and one that is ready are told apart', async () => {
  const world = (await labWithPods()).world()
  expect(shown(await podReady('web')(world))).toBe('pass')
  expect(shown(await podReady('web', 'shop')(world))).toBe('There is no pod web in namespace shop yet.')
  expect(shown(await podReady('broken')(world))).toBe('The pod broken is not ready. web: Error (exit code 1)')
  expect(shown(await allOf(podReady('web'), podReady('broken'))(world))).toContain('The pod broken is not ready.')
})

test('an answer is missing, wrong or right', async () => {
  const lab = await labWithPods()
  const probe = answeredRightly('why', 'no-rule', words)
  expect(shown(await probe(lab.world()))).toBe('The question in the text is not answered yet.')
  lab.answer('why', 'dns')
  expect(shown(await probe(lab.world()))).toBe('missing')
  lab.answer('why', 'no-rule')
  expect(shown(await probe(lab.world()))).toBe('pass')
})

test('a request counts with where it came from, where it went and how it ended', async () => {
  const lab = await labWithPods()
  const answered = requestSeen({ from: 'default/web', toPort: 80, verdict: 'answered' }, words)
  expect(shown(await answered(lab.world()))).toBe('missing')
  await lab.run('kubectl exec web -- curl -s http://localhost:81')
  expect(shown(await answered(lab.world()))).toBe('missing')
  await lab.run('kubectl exec web -- curl -s http://localhost')
  expect(shown(await answered(lab.world()))).toBe('pass')
  const elsewhere = requestSeen({ from: 'default/web', toAddress: '10.244.9.9', verdict: 'answered' }, words)
  expect(shown(await elsewhere(lab.world()))).toBe('missing')
})

test('a web server is asked right now', async () => {
  const world = (await labWithPods()).world()
  const page = { from: 'web', url: 'http://localhost/' }
  expect(shown(await webAnswers({ ...page, contains: 'Welcome to nginx' })(world))).toBe('pass')
  expect(shown(await webAnswers({ ...page, contains: 'shop' })(world))).toContain('did not bring the answer')
  expect(shown(await webAnswers({ ...page, url: 'http://localhost/none', status: 404 })(world))).toBe('pass')
  expect(shown(await webStaysSilent(page, words)(world))).toBe('missing HTTP 200')
  expect(shown(await webStaysSilent({ ...page, url: 'http://localhost:81/' }, words)(world))).toBe('pass')
})
