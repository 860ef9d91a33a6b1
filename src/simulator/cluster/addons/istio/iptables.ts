import { mayAdministerNetwork } from '../../../machine/networkRights.ts'
import type { Process } from '../../../machine/program.ts'
import { RestoreError } from '../../../network/netfilter/restore.ts'

/** What `istio-iptables` is told on its command line. */
export interface RedirectOptions {
  readonly outboundPort: string
  readonly inboundPort: string
  readonly user: string
  readonly includedRanges: readonly string[]
  readonly excludedRanges: readonly string[]
  readonly includedPorts: readonly string[]
  readonly excludedInboundPorts: readonly string[]
  readonly excludedOutboundPorts: readonly string[]
}

const flags: Readonly<Record<string, string>> = {
  '-p': 'envoy-port',
  '-z': 'inbound-capture-port',
  '-u': 'proxy-uid',
  '-g': 'proxy-gid',
  '-m': 'istio-inbound-interception-mode',
  '-i': 'istio-service-cidr',
  '-x': 'istio-service-exclude-cidr',
  '-b': 'istio-inbound-ports',
  '-d': 'istio-local-exclude-ports',
  '-o': 'istio-local-outbound-ports-exclude',
}

/** Turns the connections of its pod to the proxy: the program of the istio-init container. */
export async function runIptables(process: Process, words: readonly string[]): Promise<number> {
  const given = new Map<string, string>()
  for (let at = 0; at < words.length; at++) {
    const [name = '', attached] = words[at]!.split('=')
    const long = flags[name] ?? name.replace(/^--/, '')
    if (long === 'log_output_level') continue
    if (!Object.values(flags).includes(long)) {
      const kind = name.startsWith('--') ? `unknown flag: ${name}` : `unknown shorthand flag: '${name[1]}' in ${name}`
      await process.stderr.write(`Error: ${kind}\n`)
      return 255
    }
    given.set(long, attached ?? words[++at] ?? '')
  }
  const mode = given.get('istio-inbound-interception-mode') ?? 'REDIRECT'
  if (mode !== 'REDIRECT') return refuse(process, `interception mode ${mode} is not simulated here`)
  if (!mayAdministerNetwork(process.user))
    return refuse(
      process,
      'iptables-restore v1.8.10 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)',
    )
  const list = (name: string, usual: string) => (given.get(name) ?? usual).split(',').filter(each => each !== '')
  const options: RedirectOptions = {
    outboundPort: given.get('envoy-port') ?? '15001',
    inboundPort: given.get('inbound-capture-port') ?? '15006',
    user: given.get('proxy-uid') ?? '1337',
    includedRanges: list('istio-service-cidr', '*'),
    excludedRanges: list('istio-service-exclude-cidr', ''),
    includedPorts: list('istio-inbound-ports', '*'),
    excludedInboundPorts: list('istio-local-exclude-ports', ''),
    excludedOutboundPorts: list('istio-local-outbound-ports-exclude', ''),
  }
  const text = redirectRules(options)
  await process.write(
    `${logLine(process, 'Istio iptables variables:')}${describe(options)}\n${logLine(process, 'Running iptables-restore with the following input:')}${text}\n`,
  )
  try {
    process.network.netfilter.restore(text, { noFlush: true })
    return 0
  } catch (error) {
    if (!(error instanceof RestoreError)) throw error
    const where = `Error occurred at line: ${error.line}`
    return refuse(process, `iptables-restore v1.8.10 (nf_tables): ${error.message}\n${where}`)
  }
}

/** A line as Istio's Go programs log it. */
export function logLine(process: Process, text: string, level = 'info', scope = ''): string {
  const time = new Date(process.machine.now()).toISOString().replace('Z', '000Z')
  return `${time}\t${level}\t${scope === '' ? '' : `${scope}\t`}${text}\n`
}

async function refuse(process: Process, message: string): Promise<number> {
  await process.stderr.write(logLine(process, message, 'error'))
  return 1
}

function describe(options: RedirectOptions): string {
  return [
    `PROXY_PORT=${options.outboundPort}`,
    `PROXY_INBOUND_CAPTURE_PORT=${options.inboundPort}`,
    'PROXY_TUNNEL_PORT=15008',
    `PROXY_UID=${options.user}`,
    `PROXY_GID=${options.user}`,
    'INBOUND_INTERCEPTION_MODE=REDIRECT',
    `INBOUND_PORTS_INCLUDE=${options.includedPorts.join(',')}`,
    `INBOUND_PORTS_EXCLUDE=${options.excludedInboundPorts.join(',')}`,
    `OUTBOUND_IP_RANGES_INCLUDE=${options.includedRanges.join(',')}`,
    `OUTBOUND_IP_RANGES_EXCLUDE=${options.excludedRanges.join(',')}`,
    `OUTBOUND_PORTS_EXCLUDE=${options.excludedOutboundPorts.join(',')}`,
    '',
  ].join('\n')
}

/** The rules of a pod with a proxy, as iptables-restore reads them. */
export function redirectRules(options: RedirectOptions): string {
  const { outboundPort, inboundPort, user } = options
  const all = (list: readonly string[]) => list.includes('*')
  const capturesInbound = options.includedPorts.length > 0
  const lines = [
    '* nat',
    ...['ISTIO_INBOUND', 'ISTIO_REDIRECT', 'ISTIO_IN_REDIRECT', 'ISTIO_OUTPUT'].map(chain => `-N ${chain}`),
    '-A ISTIO_INBOUND -p tcp --dport 15008 -j RETURN',
    `-A ISTIO_REDIRECT -p tcp -j REDIRECT --to-ports ${outboundPort}`,
    `-A ISTIO_IN_REDIRECT -p tcp -j REDIRECT --to-ports ${inboundPort}`,
    ...(capturesInbound ? ['-A PREROUTING -p tcp -j ISTIO_INBOUND'] : []),
    ...(all(options.includedPorts)
      ? [
          ...options.excludedInboundPorts.map(port => `-A ISTIO_INBOUND -p tcp --dport ${port} -j RETURN`),
          '-A ISTIO_INBOUND -p tcp -j ISTIO_IN_REDIRECT',
        ]
      : options.includedPorts.map(port => `-A ISTIO_INBOUND -p tcp --dport ${port} -j ISTIO_IN_REDIRECT`)),
    '-A OUTPUT -j ISTIO_OUTPUT',
    ...options.excludedOutboundPorts.map(port => `-A ISTIO_OUTPUT -p tcp --dport ${port} -j RETURN`),
    '-A ISTIO_OUTPUT -o lo -s 127.0.0.6/32 -j RETURN',
    ...['uid', 'gid'].flatMap(kind => [
      `-A ISTIO_OUTPUT -o lo ! -d 127.0.0.1/32 -p tcp ! --dport 15008 -m owner --${kind}-owner ${user} -j ISTIO_IN_REDIRECT`,
      `-A ISTIO_OUTPUT -o lo -m owner ! --${kind}-owner ${user} -j RETURN`,
      `-A ISTIO_OUTPUT -m owner --${kind}-owner ${user} -j RETURN`,
    ]),
    '-A ISTIO_OUTPUT -d 127.0.0.1/32 -j RETURN',
    ...options.excludedRanges.map(range => `-A ISTIO_OUTPUT -d ${range} -j RETURN`),
    ...(all(options.includedRanges)
      ? ['-A ISTIO_OUTPUT -j ISTIO_REDIRECT']
      : options.includedRanges.map(range => `-A ISTIO_OUTPUT -d ${range} -j ISTIO_REDIRECT`)),
    'COMMIT',
  ]
  return `${lines.join('\n').replace('* nat', '*nat')}\n`
}
