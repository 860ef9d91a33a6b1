import { expect, test } from 'vitest'
import { mutantsOf } from '../../../src/cli/author/mutants.ts'
import { parseTranscript } from '../../../src/cli/transcript.ts'
import { referenceCluster } from '../../../src/simulator/cluster/definition.ts'

function changesOf(session: string, files: Record<string, string> = {}): string[] {
  const solution = { name: 'solutions/a.txt', file: 'a.txt', transcript: parseTranscript(session) }
  return mutantsOf(solution, { cluster: referenceCluster, files }).map(({ place, change }) => `${place}: ${change}`)
}

test('commands are dropped and their ports, types, images, namespaces and labels go wrong', () => {
  expect(changesOf('$ kubectl expose deploy web --port=80 --type=NodePort -n shop\n')).toEqual([
    'solutions/a.txt:1: drop kubectl expose deploy web --port=80 --type=NodePort -n shop',
    'solutions/a.txt:1: kubectl expose deploy web --port=80 --type=NodePort -n shop with 81 for 80',
    'solutions/a.txt:1: kubectl expose deploy web --port=80 --type=NodePort -n shop with ClusterIP for NodePort',
    'solutions/a.txt:1: kubectl expose deploy web --port=80 --type=NodePort -n shop with shopx for shop',
  ])
  expect(changesOf('$ kubectl run web --image=nginx:1.27 --labels=app=web\n')).toEqual([
    'solutions/a.txt:1: drop kubectl run web --image=nginx:1.27 --labels=app=web',
    'solutions/a.txt:1: kubectl run web --image=nginx:1.27 --labels=app=web with nginx-absent for nginx:1.27',
    'solutions/a.txt:1: kubectl run web --image=nginx:1.27 --labels=app=web with webx for web',
  ])
})

test('commands that only look are left alone', () => {
  expect(changesOf('$ kubectl get pods\n$ ssh node1 ip route\n@ settle\n')).toEqual([])
})

test('manifests that a solution uses go wrong line by line', () => {
  const manifest = `metadata:
  labels:
    app: web
spec:
  type: NodePort
  selector:
    app: web
  ports:
  - port: 80
    targetPort: http
`
  expect(changesOf('$ kubectl apply -f web.yaml\n', { 'web.yaml': manifest, 'other.yaml': manifest })).toEqual([
    'solutions/a.txt:1: drop kubectl apply -f web.yaml',
    'files/web.yaml:3 in solutions/a.txt: app: webx for app: web',
    'files/web.yaml:5 in solutions/a.txt: type: ClusterIP for type: NodePort',
    'files/web.yaml:7 in solutions/a.txt: app: webx for app: web',
    'files/web.yaml:9 in solutions/a.txt: port: 81 for port: 80',
    'files/web.yaml:10 in solutions/a.txt: targetPort: httpx for targetPort: http',
  ])
})
