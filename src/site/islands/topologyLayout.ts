import type { PacketStop } from '#simulator/packetPath.ts'
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
  readonly bridge: Box | undefined
  readonly tunnel: Box | undefined
  /** Where netfilter stands, between the pods' side and the wire. */
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
const podWidth = 132
const podHeight = 44
const narrow = 168

/** Computes where everything stands. `slots` remembers the pods' places from picture to picture. */
export function layoutTopology(topology: Topology, showsSystem: boolean, slots: Slots): Layout {
  const isShown = (namespace: string) => showsSystem || !/^kube-/.test(namespace)
  const services = topology.services.filter(
    service => isShown(service.namespace) && (showsSystem || service.name !== 'kubernetes'),
  )
  const shown = topology.machines.map(machine => ({
    machine,
    pods: machine.pods.filter(pod => isShown(pod.namespace) && (showsSystem || !pod.isHostNetwork)),
  }))
  const rows = Math.max(1, ...shown.map(({ machine, pods }) => rowsOf(machine, pods, slots)))
  const top = services.length > 0 ? Math.ceil(services.length / 4) * 40 + 12 : 4
  const machineHeight = 28 + rows * (podHeight + 14) + 128
  let x = 4
  const machines = shown.map(({ machine, pods }) => {
    const width =
      machine.role === 'workstation' || (pods.length === 0 && machine.role === 'control-plane')
        ? narrow
        : 2 * podWidth + 36
    const box = machineBox(machine, pods, { x, y: top, width, height: machineHeight }, slots)
    x += width + gap
    return box
  })
  const width = Math.max(x - gap + 4, 4 * 190)
  return {
    width,
    height: top + machineHeight + 40,
    machines,
    services: services.map((service, index) => ({
      service,
      x: 4 + (index % 4) * 190,
      y: 4 + Math.floor(index / 4) * 40,
      width: 180,
      height: 34,
    })),
    lan: top + machineHeight + 22,
  }
}

function rowsOf(machine: TopologyMachine, pods: readonly TopologyPod[], slots: Slots): number {
  const last = Math.max(-1, ...pods.map(pod => slotOf(machine, pod, pods, slots)))
  return Math.ceil((last + 1) / 2)
}

/** A pod keeps its place; a new one takes the first that no pod of the machine has. */
function slotOf(machine: TopologyMachine, pod: TopologyPod, pods: readonly TopologyPod[], slots: Slots): number {
  const key = (other: TopologyPod) => `${machine.name}/${other.namespace}/${other.name}`
  const own = slots.get(key(pod))
  if (own !== undefined) return own
  const taken = new Set(pods.map(other => slots.get(key(other))))
  let slot = 0
  while (taken.has(slot)) slot++
  slots.set(key(pod), slot)
  return slot
}

function machineBox(machine: TopologyMachine, pods: readonly TopologyPod[], box: Box, slots: Slots): MachineBox {
  const { x, y, width, height } = box
  const base = y + height
  const inner = { x: x + 10, width: width - 20 }
  return {
    ...box,
    machine,
    pods: pods.map(pod => {
      const slot = slotOf(machine, pod, pods, slots)
      return {
        pod,
        x: inner.x + (slot % 2) * (podWidth + 12),
        y: y + 28 + Math.floor(slot / 2) * (podHeight + 14),
        width: podWidth,
        height: podHeight,
      }
    }),
    bridge: machine.bridge && { ...inner, y: base - 116, height: 24 },
    gate: machine.role === 'workstation' ? undefined : { ...inner, y: base - 80, height: 24 },
    tunnel: machine.tunnel && { x: inner.x, width: inner.width / 2 - 4, y: base - 44, height: 24 },
    port: { x: x + width * 0.75, y: base - 32 },
  }
}

/** Where on the picture a stop of a packet is. */
export function pointOf(stop: PacketStop, layout: Layout): { x: number; y: number } | undefined {
  for (const box of layout.machines) {
    const pod = box.pods.find(({ pod }) => `${pod.namespace}/${pod.name}` === stop.place.name)
    if (stop.place.kind === 'pod' && pod) return centre(pod)
    if (stop.place.kind === 'pod' || box.machine.name !== stop.place.name) continue
    const cable = box.pods.find(({ pod }) => pod.cable === stop.interface)
    if (cable && box.bridge) return { x: cable.x + cable.width / 2, y: box.bridge.y }
    if (box.bridge && stop.interface === box.machine.bridge?.name) return centre(box.bridge)
    if (box.tunnel && stop.interface === box.machine.tunnel?.name) return centre(box.tunnel)
    if (stop.interface === 'eth0' || !box.gate) return box.port
    return centre(box.gate)
  }
  return undefined
}

export function centre(box: Box): { x: number; y: number } {
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}
