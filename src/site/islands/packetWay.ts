import type { PacketStop } from '#simulator/packetPath.ts'
import { type Box, centre, type Layout, type MachineBox } from './topologyLayout.ts'

export interface Point {
  readonly x: number
  readonly y: number
}

/** A stop on the picture. On a bar, like a bridge, a packet may move sideways. */
interface Spot extends Point {
  readonly box: MachineBox
  readonly isBar: boolean
}

/** Beside the labels of the boxes, not across them. */
const beside = 19
const belowLabel = 20

/** The corners of the line that a packet draws through the picture: along the wires, and from machine to machine over
 * the LAN. Stops that are not in the picture are left out. */
export function wayOf(stops: readonly PacketStop[], layout: Layout): Point[] {
  const spots = stops.flatMap(stop => spotOf(stop, layout) ?? [])
  return withoutRests(
    spots.flatMap((spot, index) => [...(index > 0 ? way(spots[index - 1]!, spot, layout) : []), spot]),
  )
}

/** Where the stops of a packet are, each once: what is numbered where motion is not wanted. */
export function stopsOf(stops: readonly PacketStop[], layout: Layout): Point[] {
  return withoutRests(stops.flatMap(stop => spotOf(stop, layout) ?? []))
}

function way(from: Spot, to: Spot, layout: Layout): Point[] {
  if (from.box !== to.box) {
    const [out, into] = [portOf(from.box), portOf(to.box)]
    return [
      ...corner(from, out),
      out,
      { x: out.x, y: layout.lan },
      { x: into.x, y: layout.lan },
      into,
      ...corner(into, to),
    ]
  }
  return corner(from, to)
}

/** Sideways on the bar that the packet stands on or goes to, up and down between them. */
function corner(from: Spot, to: Spot): Point[] {
  return [from.isBar && !(to.isBar && to.y < from.y) ? { x: to.x, y: from.y } : { x: from.x, y: to.y }]
}

function spotOf({ place, interface: device }: PacketStop, layout: Layout): Spot | undefined {
  if (place.kind === 'pod') return podSpot(place.name, layout)
  const box = layout.machines.find(({ machine }) => machine.name === place.name)
  if (!box) return undefined
  const { bridge, gate, tunnel, machine } = box
  const cable = box.pods.find(({ pod }) => pod.cable === device)
  const plug = bridge ?? gate
  if (plug && cable) return { ...onBar(plug, box), x: centre(cable).x }
  if (bridge && device === machine.bridge?.name) return onBar(bridge, box)
  if (tunnel && device === machine.tunnel?.name) return { x: tunnel.x + beside, y: tunnel.y, box, isBar: false }
  return device === 'eth0' || !gate ? portOf(box) : onBar(gate, box)
}

function podSpot(name: string, layout: Layout): Spot | undefined {
  for (const box of layout.machines) {
    const isIt = (pod: { namespace: string; name: string }) => `${pod.namespace}/${pod.name}` === name
    const place = box.pods.find(({ pod }) => isIt(pod)) ?? (box.machine.pods.some(isIt) ? box.more : undefined)
    if (place) return { x: centre(place).x, y: place.y + place.height, box, isBar: false }
  }
  return undefined
}

function onBar(bar: Box, box: MachineBox): Spot {
  return { x: centre(bar).x, y: bar.y + belowLabel, box, isBar: true }
}

function portOf(box: MachineBox): Spot {
  return { x: box.port.x + beside, y: box.port.y, box, isBar: false }
}

/** Several things happen to a packet at one place: it rests there once. */
function withoutRests(points: readonly Point[]): Point[] {
  return points
    .filter(({ x, y }, index) => {
      const last = points[index - 1]
      return !last || last.x !== x || last.y !== y
    })
    .map(({ x, y }) => ({ x, y }))
}
