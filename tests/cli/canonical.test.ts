import { expect, test } from 'vitest'
import { Canonicalizer, compareTranscripts } from '../../src/cli/canonical.ts'
import { parseTranscript } from '../../src/cli/transcript.ts'

test.each([
  ['web-7d876db474-284bh   1/1     Running   0          14s', 'web-<hash-1>-<suffix-1>  1/1  Running  0  <age>'],
  ['10.244.2.103 10.244.2.103 10.244.1.9', '<pod-ip-1> <pod-ip-1> <pod-ip-2>'],
  ['10.96.0.1 10.98.33.189', '10.96.0.1 <service-ip-1>'],
  ['-j KUBE-SVC-ZJMBFACUQCTMIK2C', '-j <chain-SVC-1>'],
  ['80:30081/TCP', '80:<node-port-1>/TCP'],
  ['uid: 3ea7363e-c8a9-448c-b0bf-04c98d8d1799', 'uid: <uid-1>'],
  ['time=0.278 ms', 'time=<ms>'],
])('%s', (line, canonical) => {
  expect(new Canonicalizer().line(line)).toBe(canonical)
})

const compared = (recorded: string, played: string) =>
  compareTranscripts(parseTranscript(recorded), parseTranscript(played)).map(result => result.isEqual)

test('equal but for addresses is equal, other words are not', () => {
  expect(compared('$ a\n10.244.1.2\n', '$ a\n10.244.2.9\n')).toEqual([true])
  expect(compared('$ a\nyes\n', '$ a\nno\n')).toEqual([false])
  expect(compared('$ a\n? 1\n', '$ a\n')).toEqual([false])
  expect(compared('$ a\n! out\n', '$ a\nout\n')).toEqual([false])
})

test('the same address twice is not two addresses', () => {
  expect(compared('$ a\n10.244.1.2 10.244.1.2\n', '$ a\n10.244.1.2 10.244.1.3\n')).toEqual([false])
})

test('rows may come in any order, skipped commands do not count', () => {
  expect(compared('$ a\n~ rows\nx 1\ny 2\n', '$ a\ny 2\nx 1\n')).toEqual([true])
  expect(compared('$ a\n~ skip\nx\n\n$ b\n~ status\nx\n', '$ a\ny\n\n$ b\ny\n')).toEqual([true])
})
