import { expect, test } from 'vitest'
import type { PacketStop } from '#simulator/packetPath.ts'
import { stopsOf, wayOf } from '../../../src/site/islands/packetWay.ts'
import { layoutTopology } from '../../../src/site/islands/topologyLayout.ts'
import { machine, pod, topology } from './picture.ts'

const layout = layoutTopology(topology(machine('node1', [pod('a')]), machine('node2', [pod('b')])), false, new Map())
const [node1, node2] = layout.machines

function stop(kind: 'pod' | 'node', name: string, device: string): PacketStop {
  const decided = { kind: 'forward', decision: '', by: '', rules: [], way: 'there' } as const
  return { at: 0, place: { kind, name }, interface: device, ...decided, before: '', after: '' }
}

const there = [
  stop('pod', 'default/a', 'eth0'),
  stop('node', 'node1', 'cni0'),
  stop('node', 'node1', ''),
  stop('node', 'node1', 'flannel.1'),
  stop('node', 'node2', 'flannel.1'),
  stop('node', 'node2', 'veth-b'),
  stop('pod', 'default/b', 'eth0'),
]

test('a packet moves along the wires, never across', () => {
  const way = wayOf(there, layout)
  expect(way.length).toBeGreaterThan(there.length)
  for (const [index, to] of way.entries()) {
    const from = way[index - 1]
    if (from)
      expect(Number(from.x === to.x) + Number(from.y === to.y), `${index}: ${JSON.stringify([from, to])}`).toBe(1)
  }
})

test('between machines it goes down to the LAN and up again', () => {
  const onLan = wayOf(there, layout).filter(({ y }) => y === layout.lan)
  expect(onLan).toHaveLength(2)
  expect(onLan[0]!.x).toBeLessThan(node1!.x + node1!.width)
  expect(onLan[1]!.x).toBeGreaterThan(node2!.x)
})

test('several things that happen at one place are one stop', () => {
  expect(stopsOf([...there.slice(0, 2), ...there.slice(1, 2)], layout)).toHaveLength(2)
})

test('a pod without a place of its own is where the others are', () => {
  const crowd = Array.from({ length: 20 }, (_, index) => pod(`p${index}`))
  const crowded = layoutTopology(topology(machine('node1', crowd)), false, new Map())
  const { more } = crowded.machines[0]!
  const [at] = stopsOf([stop('pod', 'default/p19', 'eth0')], crowded)
  expect(at).toEqual({ x: more!.x + more!.width / 2, y: more!.y + more!.height })
})

test('without a bridge the cable of a pod is plugged in where netfilter stands', () => {
  const bare = { ...machine('node1', [pod('a')]), bridge: undefined, tunnel: undefined }
  const routed = layoutTopology(topology(bare), false, new Map())
  const [from, at] = stopsOf([stop('pod', 'default/a', 'eth0'), stop('node', 'node1', 'veth-a')], routed)
  expect(at!.x).toBe(from!.x)
  expect(at!.y).toBeGreaterThan(routed.machines[0]!.gate!.y)
})
