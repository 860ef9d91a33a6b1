import type { Machine } from '../../machine/machine.ts'
import { TextSink } from '../../machine/streams.ts'
import type { Client } from '../client.ts'
import { type FaultDefinition, faultKinds } from '../faults.ts'
import { daemonSet } from '../kinds/daemonSet.ts'
import { deployment } from '../kinds/deployment.ts'

/** Where faults can be brought about. */
export interface FaultPlace {
  readonly client: Client
  readonly machines: ReadonlyMap<string, Machine>
}

/** Brings faults about, as someone would do it who types; the answer fills with what commands complain of. */
export function bringAbout(faults: readonly FaultDefinition[], { client, machines }: FaultPlace): readonly string[] {
  const complaints: string[] = []
  const commands = new Map<string, string[]>()
  for (const { fault, on, ...settings } of faults) {
    const kind = faultKinds.find(each => each.name === fault)
    if (!kind) throw new Error(`unreachable: there is no fault ${fault}`)
    if (kind.object) {
      const { kind: type, namespace, name } = kind.object
      if (type === 'Deployment') client.patch(deployment, name, namespace, { spec: { replicas: 0 } })
      else client.delete(daemonSet, name, namespace)
    }
    if (!kind.commands) continue
    const own = commands.get(on!) ?? []
    commands.set(on!, own)
    own.push(...kind.commands(settings as Readonly<Record<string, string | number>>))
  }
  for (const [name, lines] of commands)
    enter(machines.get(name)!, lines, text => complaints.push(`fault on ${name}: ${text.trim()}`))
  return complaints
}

/** Runs commands on a machine; a good one says nothing. */
function enter(machine: Machine, lines: readonly string[], hear: (text: string) => void): void {
  const said = new TextSink(hear)
  machine.start({ argv: ['bash', '-c', lines.join('; ')], stdout: said, stderr: said, terminal: null })
}
