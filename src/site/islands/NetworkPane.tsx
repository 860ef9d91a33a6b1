import { useRef, useState } from 'react'
import type { PacketPath } from '#simulator/packetPath.ts'
import type { Topology } from '#simulator/topology.ts'
import type { Strings } from '../strings/en.ts'
import { PacketDot } from './PacketDot.tsx'
import {
  centre,
  type Layout,
  layoutTopology,
  type MachineBox,
  type PodBox,
  type ServiceBox,
  type Slots,
} from './topologyLayout.ts'

/** The picture of the network, drawn from the lab's state, with the same in words below it. */
export function NetworkPane({
  topology,
  path,
  words,
}: {
  topology: Topology | undefined
  path: PacketPath | null | undefined
  words: Strings
}) {
  const slots = useRef<Slots>(new Map())
  const [showsSystem, setShowsSystem] = useState(false)
  if (!topology) return <p className="waiting">{words.terminalLoading}</p>
  const layout = layoutTopology(topology, showsSystem, slots.current)
  return (
    <div className="network">
      <div className="picture" tabIndex={0} role="group" aria-label={words.topologyTitle}>
        <svg
          viewBox={`0 0 ${layout.width} ${layout.height}`}
          aria-hidden="true"
          width={layout.width}
          height={layout.height}
        >
          <Lan layout={layout} />
          {layout.machines.map(box => (
            <MachinePicture key={box.machine.name} box={box} words={words} />
          ))}
          {layout.services.map(box => (
            <ServicePicture key={`${box.service.namespace}/${box.service.name}`} box={box} />
          ))}
          {path && <PacketDot path={path} layout={layout} />}
        </svg>
      </div>
      <label className="choice">
        <input type="checkbox" checked={showsSystem} onChange={event => setShowsSystem(event.target.checked)} />{' '}
        {words.topologySystem}
      </label>
      <TopologyText layout={layout} words={words} />
    </div>
  )
}

function Lan({ layout }: { layout: Layout }) {
  const ports = layout.machines.map(box => box.port)
  const tunnels = layout.machines.flatMap(box => (box.tunnel ? [centre(box.tunnel)] : []))
  return (
    <g>
      <path className="wire" d={`M 8 ${layout.lan} H ${layout.width - 8}`} />
      {ports.map(port => (
        <path key={port.x} className="wire" d={`M ${port.x} ${port.y + 12} V ${layout.lan}`} />
      ))}
      {tunnels.slice(1).map((to, index) => (
        <path key={to.x} className="tunnel-pipe" d={tunnelBetween(tunnels[index] ?? to, to, layout.lan - 10)} />
      ))}
    </g>
  )
}

/** A tunnel runs below the boxes, above the wire that carries it. */
function tunnelBetween(from: { x: number; y: number }, to: { x: number; y: number }, depth: number): string {
  return `M ${from.x + 6} ${from.y + 12} V ${depth} H ${to.x - 6} V ${to.y + 12}`
}

function MachinePicture({ box, words }: { box: MachineBox; words: Strings }) {
  const { machine, more } = box
  return (
    <g className={machine.isReady ? 'machine' : 'machine hollow'}>
      <rect className="machine-box" x={box.x} y={box.y} width={box.width} height={box.height} rx={6} />
      <text className="machine-name" x={box.x + 10} y={box.y + 19}>
        {machine.name}
      </text>
      {box.pods.map(pod => (
        <PodPicture key={`${pod.pod.namespace}/${pod.pod.name}`} box={pod} plug={(box.bridge ?? box.gate)?.y} />
      ))}
      {more && (
        <g className="pod hollow">
          <rect x={more.x} y={more.y} width={more.width} height={more.height} rx={5} />
          <text x={more.x + 8} y={more.y + 26}>
            {words.topologyMore(more.count)}
          </text>
        </g>
      )}
      {box.bridge && machine.bridge && (
        <g className="bridge">
          <rect {...box.bridge} rx={3} />
          <text x={box.bridge.x + 8} y={box.bridge.y + 16}>
            {machine.bridge.name} {box.width > 200 && machine.bridge.address}
          </text>
          <path className="wire" d={`M ${centre(box.bridge).x} ${box.bridge.y + box.bridge.height} v 12`} />
        </g>
      )}
      {box.gate && (
        <g className="gate">
          <rect {...box.gate} rx={3} />
          <text x={box.gate.x + 8} y={box.gate.y + 16}>
            {machine.gate}
          </text>
          <path className="wire" d={`M ${box.port.x} ${box.gate.y + box.gate.height} V ${box.port.y - 12}`} />
        </g>
      )}
      {box.tunnel && machine.tunnel && (
        <g className="tunnel">
          <rect {...box.tunnel} rx={12} />
          <text x={box.tunnel.x + box.tunnel.width / 2} y={box.tunnel.y + 16} textAnchor="middle">
            {machine.tunnel.name}
          </text>
        </g>
      )}
      <rect className="port" x={box.port.x - 26} y={box.port.y - 12} width={52} height={24} rx={3} />
      <text x={box.port.x} y={box.port.y + 4} textAnchor="middle">
        eth0
      </text>
    </g>
  )
}

/** A pod with its cable down to where that is plugged in. */
function PodPicture({ box, plug }: { box: PodBox; plug: number | undefined }) {
  const { pod } = box
  const middle = box.x + box.width / 2
  return (
    <g className={pod.isReady ? 'pod' : 'pod hollow'}>
      <title>{`${pod.namespace}/${pod.name} ${pod.address} ${pod.status} · kubectl get pod ${pod.name} -o wide`}</title>
      {plug !== undefined && !pod.isHostNetwork && (
        <path className="wire" d={`M ${middle} ${box.y + box.height} V ${plug}`} />
      )}
      <rect x={box.x} y={box.y} width={box.width} height={box.height} rx={5} />
      <text x={box.x + 8} y={box.y + 18}>
        {shortened(pod.name)}
      </text>
      <text className="address" x={box.x + 8} y={box.y + 37}>
        {pod.address || pod.status}
      </text>
    </g>
  )
}

/** The end tells pods of one owner apart, the beginning says whose they are. */
function shortened(name: string, longest = 12): string {
  return name.length <= longest ? name : `${name.slice(0, longest - 6)}…${name.slice(-5)}`
}

function ServicePicture({ box }: { box: ServiceBox }) {
  const { service } = box
  return (
    <g className={service.endpoints.length > 0 ? 'service' : 'service hollow'}>
      <title>{`${service.namespace}/${service.name} · kubectl describe service ${service.name}`}</title>
      <rect x={box.x} y={box.y} width={box.width} height={box.height} rx={19} />
      <text x={box.x + 14} y={box.y + 17}>
        {shortened(service.name, 21)}
      </text>
      <text className="address" x={box.x + 14} y={box.y + 33}>
        {service.address} {shortened(service.ports.join(' '), 9)}
      </text>
    </g>
  )
}

function TopologyText({ layout, words }: { layout: Layout; words: Strings }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <details className="as-text" onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>{words.topologyText}</summary>
      {isOpen && (
        <ul>
          {layout.machines.map(({ machine, pods, more }) => (
            <li key={machine.name}>
              {words.topologyNode(machine.name, machine.address, pods.length + (more?.count ?? 0))}
              {pods.length > 0 && (
                <ul>
                  {pods.map(({ pod }) => (
                    <li key={pod.name}>
                      {words.topologyPod(pod.name, pod.address, pod.isReady ? words.ready : pod.status)}
                    </li>
                  ))}
                  {more && <li>{words.topologyMore(more.count)}</li>}
                </ul>
              )}
            </li>
          ))}
          {layout.services.map(({ service }) => (
            <li key={service.name}>
              {words.topologyService(service.name, service.address, service.ports.join(' '), service.endpoints.length)}
            </li>
          ))}
        </ul>
      )}
    </details>
  )
}
