import type { Topology, TopologyMachine, TopologyPod, TopologyService } from '#simulator/topology.ts'

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface PodBox extends Box {
  readonly pod: TopologyPod
}

export interface MachineBox extends Box {
  readonly machine: TopologyMachine
  readonly pods: readonly PodBox[]
  /** Stands for the pods that have no place in the picture. */
  readonly more: (Box & { readonly count: number }) | undefined
  readonly bridge: Box | undefined
  readonly tunnel: Box | undefined
  /** Where netfilter or eBPF programs stand, between the pods' side and the wire. */
  readonly gate: Box | undefined
  readonly port: { readonly x: number; readonly y: number }
}

export interface ServiceBox extends Box {
  readonly service: TopologyService
}

export interface Layout {
  readonly width: number
  readonly height: number
  readonly machines: readonly MachineBox[]
  readonly services: readonly ServiceBox[]
  /** Height of the LAN's line. */
  readonly lan: number
}

/** Which place a pod keeps on its machine, so that a new pod never makes the others jump. */
export type Slots = Map<string, number>

const gap = 16
// Everything is drawn in its own size, with letters of 14 px: a letter of the monospaced face is 8.5 px wide.
const podWidth = 118
const podHeight = 46
const between = 8
/** A workstation, and a control plane without pods. */
const narrowest = 84
const narrow = 164
const serviceWidth = 208
/** So many pods of a machine are drawn at most; of more, the last place says how many. */
const mostPods = 8

/** Computes where everything stands. `slots` remembers the pods' places from picture to picture. */
export function layoutTopology(topology: Topology, showsSystem: boolean, slots: Slots): Layout {
  const isShown = (namespace: string) => showsSystem || !/^kube-/.test(namespace)
  const services = topology.services.filter(
    service => isShown(service.namespace) && (showsSystem || service.name !== 'kubernetes'),
  )
  const shown = topology.machines.map(machine => {
    const pods = machine.pods.filter(pod => isShown(pod.namespace) && (showsSystem || !pod.isHostNetwork))
    return { machine, pods, seats: seatsOf(machine, pods, slots) }
  })
  const lastSlot = ({ pods, seats }: { pods: readonly TopologyPod[]; seats: Seats }) =>
    pods.length > seats.size ? mostPods - 1 : Math.max(-1, ...seats.values())
  const rows = Math.max(1, ...shown.map(each => Math.ceil((lastSlot(each) + 1) / 2)))
  const widthOf = ({ machine, pods }: { machine: TopologyMachine; pods: readonly TopologyPod[] }) => {
    if (machine.role === 'workstation') return narrowest
    return pods.length === 0 && machine.role === 'control-plane' ? narrow : 2 * podWidth + between + 20
  }
  const all = shown.reduce((sum, each) => sum + widthOf(each) + gap, 8 - gap)
  const perRow = Math.max(3, Math.floor(all / (serviceWidth + 10)))
  const top = services.length > 0 ? Math.ceil(services.length / perRow) * 46 + 12 : 4
  const machineHeight = 28 + rows * (podHeight + 14) + 128
  let x = 4
  const machines = shown.map(each => {
    const { machine, pods, seats } = each
    const width = widthOf(each)
    const box = machineBox(machine, pods.length, seats, { x, y: top, width, height: machineHeight })
    x += width + gap
    return box
  })
  const width = Math.max(all, 8 + perRow * (serviceWidth + 10))
  return {
    width,
    height: top + machineHeight + 40,
    machines,
    services: services.map((service, index) => ({
      service,
      x: 4 + (index % perRow) * (serviceWidth + 10),
      y: 4 + Math.floor(index / perRow) * 46,
      width: serviceWidth,
      height: 40,
    })),
    lan: top + machineHeight + 22,
  }
}

type Seats = ReadonlyMap<TopologyPod, number>

/** A pod keeps its place; a new one takes the first that is free. Those for whom none is left are not in the answer. */
function seatsOf(machine: TopologyMachine, pods: readonly TopologyPod[], slots: Slots): Seats {
  const places = pods.length > mostPods ? mostPods - 1 : mostPods
  const keyOf = ({ namespace, name }: TopologyPod) => `${machine.name}/${namespace}/${name}`
  const taken = new Map<number, TopologyPod>()
  for (const pod of pods) {
    const slot = slots.get(keyOf(pod))
    if (slot !== undefined && slot < places) taken.set(slot, pod)
  }
  const seats = new Map(Array.from(taken, ([slot, pod]) => [pod, slot]))
  let free = 0
  for (const pod of pods) {
    if (seats.has(pod)) continue
    while (taken.has(free)) free++
    if (free >= places) break
    seats.set(pod, free)
    slots.set(keyOf(pod), free++)
  }
  return seats
}

function machineBox(machine: TopologyMachine, podCount: number, seats: Seats, box: Box): MachineBox {
  const { x, y, width, height } = box
  const base = y + height
  const inner = { x: x + 10, width: width - 20 }
  const place = (slot: number) => ({
    x: inner.x + (slot % 2) * (podWidth + between),
    y: y + 28 + Math.floor(slot / 2) * (podHeight + 14),
    width: podWidth,
    height: podHeight,
  })
  const hidden = podCount - seats.size
  return {
    ...box,
    machine,
    pods: Array.from(seats, ([pod, slot]) => ({ pod, ...place(slot) })),
    more: hidden > 0 ? { count: hidden, ...place(mostPods - 1) } : undefined,
    bridge: machine.bridge && { ...inner, y: base - 116, height: 24 },
    gate: machine.role === 'workstation' ? undefined : { ...inner, y: base - 80, height: 24 },
    tunnel: machine.tunnel && { x: inner.x, width: Math.min(96, inner.width - 58), y: base - 44, height: 24 },
    port: { x: x + width - 36, y: base - 32 },
  }
}

export function centre(box: Box): { x: number; y: number } {
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}
