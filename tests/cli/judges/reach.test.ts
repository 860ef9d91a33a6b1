import { expect, test } from 'vitest'
import { isWithinReach } from '../../../src/cli/judges/reach.ts'

test.each([
  ['kubectl get pods | grep web | wc -l', true],
  ['for i in 1 2; do kubectl get pod web-$i -o name; done', true],
  ['kubectl port-forward svc/web 8080:80 & sleep 2; curl -s localhost:8080; kill $!', true],
  ['kubectl --server=https://192.168.64.10:6443 get pods', true],
  ['ssh-node node1 ip route', false],
  ['kubectl get pods; ssh-node node1 ip route', false],
  ['kubectl get svc $(ssh-node node1 hostname)', false],
  ['curl -s http://192.168.64.11:30080', false],
  ['kubectl get pods; curl -s http://web', false],
])('%s', (command, isReached) => {
  expect(isWithinReach(command)).toBe(isReached)
})
