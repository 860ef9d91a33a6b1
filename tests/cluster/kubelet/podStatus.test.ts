import type { ContainerStatus, PodSpec } from 'kubernetes-types/core/v1'
import { expect, test } from 'vitest'
import { conditionsOf, phaseOf } from '../../../src/simulator/cluster/kubelet/podStatus.ts'

const running: Partial<ContainerStatus> = { state: { running: {} }, ready: true, started: true }
const waiting: Partial<ContainerStatus> = { state: { waiting: { reason: 'ContainerCreating' } } }
const crashed: Partial<ContainerStatus> = {
  state: { waiting: { reason: 'CrashLoopBackOff' } },
  lastState: { terminated: { exitCode: 1 } },
}
const ended = (exitCode: number): Partial<ContainerStatus> => ({
  state: { terminated: { exitCode } },
  ready: exitCode === 0,
})

function statusesOf(parts: readonly Partial<ContainerStatus>[], prefix = 'c'): ContainerStatus[] {
  return parts.map((part, i) => ({
    name: `${prefix}${i}`,
    image: '',
    imageID: '',
    ready: false,
    restartCount: 0,
    ...part,
  }))
}

function specOf(mains: number, inits = 0, changes: Partial<PodSpec> = {}): PodSpec {
  const named = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => ({ name: `${prefix}${i}` }))
  return { containers: named('c', mains), ...(inits ? { initContainers: named('i', inits) } : {}), ...changes }
}

test.each([
  ['nothing started', [waiting], 'Always', 'Pending'],
  ['all running', [running, running], 'Always', 'Running'],
  ['one still to come', [running, waiting], 'Always', 'Pending'],
  ['one crashed', [running, crashed], 'Always', 'Running'],
  ['all done, to be restarted', [ended(0)], 'Always', 'Running'],
  ['all done', [ended(0), ended(0)], 'OnFailure', 'Succeeded'],
  ['failed, to be restarted', [ended(1)], 'OnFailure', 'Running'],
  ['failed for good', [ended(0), ended(2)], 'Never', 'Failed'],
] as const)('the phase with %s and %s is right', (_, parts, restartPolicy, phase) => {
  expect(phaseOf(specOf(parts.length, 0, { restartPolicy }), statusesOf(parts), false, true)).toBe(phase)
})

test('a pod that is ended is done, whatever its restart policy', () => {
  expect(phaseOf(specOf(1, 0, { restartPolicy: 'Always' }), statusesOf([ended(137)]), true, true)).toBe('Failed')
  expect(phaseOf(specOf(1, 0, { restartPolicy: 'Always' }), statusesOf([ended(0)]), true, true)).toBe('Succeeded')
})

test('an init container that fails for good fails the pod', () => {
  const statuses = [...statusesOf([ended(1)], 'i'), ...statusesOf([waiting])]
  expect(phaseOf(specOf(1, 1, { restartPolicy: 'Never' }), statuses, false, false)).toBe('Failed')
  expect(phaseOf(specOf(1, 1, { restartPolicy: 'Always' }), statuses, false, false)).toBe('Pending')
})

test('conditions come in the order of the kubelet and name what is missing', () => {
  const conditions = conditionsOf({
    spec: specOf(2, 1),
    phase: 'Pending',
    initStatuses: statusesOf([{ state: { running: {} } }], 'i'),
    statuses: statusesOf([waiting, waiting]),
    hasSandbox: true,
    given: [],
  })
  expect(conditions.map(({ type, status, message }) => [type, status, message])).toEqual([
    ['PodReadyToStartContainers', 'True', undefined],
    ['Initialized', 'False', 'containers with incomplete status: [i0]'],
    ['Ready', 'False', 'containers with unready status: [c0 c1]'],
    ['ContainersReady', 'False', 'containers with unready status: [c0 c1]'],
    ['PodScheduled', 'True', undefined],
  ])
})
