import { Lab } from '../../simulator/lab.ts'
import { type DrawnLab, type DrawnPacket, type Ground, internetAddress, type Place } from './drawnLab.ts'
import type { Breach } from './laws.ts'
import { manifestOf } from './manifest.ts'
import { clusterOf } from './stage.ts'

/** How many packets are sent by command: the rest would show nothing more. */
const fewPackets = 4

/** A lab that is set up and asked by commands ends in the same state when its log is replayed. */
export async function replayed(ground: Ground, lab: DrawnLab): Promise<Breach[]> {
  const definition = { cluster: clusterOf(ground), files: {} }
  const first = await Lab.boot(definition, ground.seed)
  first.saveFile('lab.json', JSON.stringify(manifestOf(ground, lab)))
  await first.run('kubectl apply -f lab.json')
  await first.advance(30_000)
  for (const packet of lab.packets.slice(0, fewPackets)) await first.run(`${traceOf(packet)} -t 2`)
  const second = await Lab.replay(definition, ground.seed, first.log, { until: first.now })
  const [one, other] = [first.stateHash(), second.stateHash()]
  return one === other ? [] : [{ law: 'a replay ends in the same state', detail: `${one}, replayed ${other}` }]
}

function traceOf({ from, to, protocol }: DrawnPacket): string {
  const target = () => {
    switch (to.kind) {
      case 'pod':
        return `pod/${to.pod}`
      case 'service':
        return `svc/${to.service}`
      case 'node':
      case 'nodePort':
        return `node/${to.node}`
      case 'outside':
        return 'lab'
      case 'internet':
        return internetAddress
    }
  }
  const port = protocol === 'icmp' ? '' : `:${to.port}`
  return `kubehop trace ${textOf(from)} ${target()}${port} ${protocol === 'tcp' ? '' : `--${protocol}`}`
}

function textOf(place: Place): string {
  return place.kind === 'workstation' ? 'lab' : `${place.kind}/${place.name}`
}
