import type { Client } from '../cluster/client.ts'
import { deployment } from '../cluster/kinds/deployment.ts'
import { node } from '../cluster/kinds/node.ts'
import { pod } from '../cluster/kinds/pod.ts'
import { service } from '../cluster/kinds/service.ts'
import type { Process } from '../machine/program.ts'

const options = ['--help', '--icmp', '--lang', '--namespace', '--output', '--sctp', '--timeout', '--udp', '--why']

/** What may follow an option that takes a value. */
const values: Readonly<Record<string, readonly string[]>> = {
  '--lang': ['en', 'ko'],
  '-o': ['json', 'text'],
  '--output': ['json', 'text'],
  '-t': [],
  '--timeout': [],
}

/** What Tab offers: the command, who may send, who may be asked, options. */
export function complete(client: Client, _process: Process, words: readonly string[]): string[] {
  const word = words.at(-1) ?? ''
  const before = words.at(-2) ?? ''
  const offer = (all: readonly string[]) => all.filter(each => each.startsWith(word))
  if (before === '-n' || before === '--namespace') return []
  if (values[before]) return offer(values[before])
  if (word.startsWith('-')) return offer(options)
  const operands = words.slice(1, -1).filter((each, index, all) => !each.startsWith('-') && !takesValue(all[index - 1]))
  if (operands.length === 0) return offer(['trace'])
  if (operands.length > 2) return []
  const namespace = namespaceIn(words)
  const pods = client.list(pod, { namespace }).map(({ metadata }) => metadata.name)
  const deployments = client.list(deployment, { namespace }).map(({ metadata }) => `deploy/${metadata.name}`)
  const nodes = client.list(node).map(({ metadata }) => `node/${metadata.name}`)
  const services = client.list(service, { namespace }).map(({ metadata }) => `svc/${metadata.name}`)
  return offer([...(operands.length === 2 ? services : []), ...pods, ...deployments, ...nodes, 'lab'])
}

function takesValue(option: string | undefined): boolean {
  return option !== undefined && (option === '-n' || option === '--namespace' || option in values)
}

function namespaceIn(words: readonly string[]): string {
  const at = words.findIndex(word => word === '-n' || word === '--namespace')
  return (at >= 0 ? words[at + 1] : undefined) ?? 'default'
}
