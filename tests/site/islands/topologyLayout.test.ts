import { expect, test } from 'vitest'
import { layoutTopology, type Slots } from '../../../src/site/islands/topologyLayout.ts'
import { machine, pod, topology } from './picture.ts'

test('a pod keeps its place when others come and go', () => {
  const slots: Slots = new Map()
  const placesOf = (...names: string[]) =>
    layoutTopology(topology(machine('node1', names.map(pod))), false, slots).machines[0]!.pods.map(
      ({ pod, x, y }) => [pod.name, x, y] as const,
    )
  const before = new Map(placesOf('a', 'b', 'c').map(([name, ...at]) => [name, at]))
  const after = new Map(placesOf('c', 'd').map(([name, ...at]) => [name, at]))
  expect(after.get('c')).toEqual(before.get('c'))
  expect(after.get('d')).toEqual(before.get('a'))
})

test('of a crowd eight places are drawn, and the last says how many have none', () => {
  const slots: Slots = new Map()
  const crowd = Array.from({ length: 100 }, (_, index) => pod(`p${index}`))
  const [box] = layoutTopology(topology(machine('node1', crowd)), false, slots).machines
  expect(box!.pods).toHaveLength(7)
  expect(box!.more?.count).toBe(93)
  const [few] = layoutTopology(topology(machine('node1', crowd.slice(50, 53))), false, slots).machines
  expect(few!.pods.map(({ x, y }) => [x, y])).toEqual(box!.pods.slice(0, 3).map(({ x, y }) => [x, y]))
  expect(few!.more).toBeUndefined()
})
