import type { Process, Program } from '../../../machine/program.ts'
import { RestoreError } from '../../../network/netfilter/restore.ts'

const flags = [
  'ipv6',
  'incoming-proxy-port',
  'outgoing-proxy-port',
  'proxy-uid',
  'inbound-ports-to-ignore',
  'outbound-ports-to-ignore',
]

/** Turns the connections of its pod to the proxy: the program of the linkerd-init container. */
export const proxyInit: Program = {
  name: 'linkerd2-proxy-init',
  summary: 'proxy-init adds a Kubernetes pod to the Linkerd service mesh',
  async run(process) {
    const given = new Map<string, string>()
    const words = process.argv.slice(1)
    for (let at = 0; at < words.length; at++) {
      const [name = '', value] = words[at]!.replace(/^--/, '').split('=')
      if (!flags.includes(name)) {
        await process.stderr.write(`Error: unknown flag: --${name}\n`)
        return 1
      }
      given.set(name, value ?? words[++at] ?? '')
    }
    const { capabilities, uid } = process.user
    const isAllowed = capabilities === undefined ? uid === 0 : capabilities.has('NET_ADMIN')
    if (!isAllowed) {
      await log(process, 'error', 'aborting firewall configuration: Permission denied (you must be root)')
      return 1
    }
    const text = redirectRules({
      inbound: given.get('incoming-proxy-port') ?? '4143',
      outbound: given.get('outgoing-proxy-port') ?? '4140',
      user: given.get('proxy-uid') ?? '2102',
      ignoredInbound: given.get('inbound-ports-to-ignore') ?? '',
      ignoredOutbound: given.get('outbound-ports-to-ignore') ?? '',
    })
    try {
      process.network.netfilter.restore(text, { noFlush: true })
    } catch (error) {
      if (!(error instanceof RestoreError)) throw error
      await log(process, 'error', `aborting firewall configuration: ${error.message}`)
      return 1
    }
    for (const line of text.split('\n').filter(each => each.startsWith('-')))
      await log(process, 'info', `/sbin/iptables-legacy -t nat ${line.replaceAll('"', '')}`)
    await log(process, 'info', '/sbin/iptables-legacy-save -t nat')
    return 0
  },
}

/** Which connections are turned where. */
export interface LinkerdRedirect {
  readonly inbound: string
  readonly outbound: string
  readonly user: string
  readonly ignoredInbound: string
  readonly ignoredOutbound: string
}

/** The rules of a pod with a proxy, as iptables-restore reads them. */
export function redirectRules({ inbound, outbound, user, ignoredInbound, ignoredOutbound }: LinkerdRedirect): string {
  const named = (text: string) => `-m comment --comment "proxy-init/${text}"`
  const ignore = (chain: string, ports: string) =>
    ports === '' ? [] : [`-A ${chain} -p tcp -m multiport --dports ${ports} ${named(`ignore-port-${ports}`)} -j RETURN`]
  const lines = [
    '*nat',
    '-N PROXY_INIT_REDIRECT',
    ...ignore('PROXY_INIT_REDIRECT', ignoredInbound),
    `-A PROXY_INIT_REDIRECT -p tcp ${named('redirect-all-incoming-to-proxy-port')} -j REDIRECT --to-ports ${inbound}`,
    `-A PREROUTING ${named('install-proxy-init-prerouting')} -j PROXY_INIT_REDIRECT`,
    '-N PROXY_INIT_OUTPUT',
    `-A PROXY_INIT_OUTPUT -m owner --uid-owner ${user} ${named('ignore-proxy-user-id')} -j RETURN`,
    `-A PROXY_INIT_OUTPUT -o lo ${named('ignore-loopback')} -j RETURN`,
    ...ignore('PROXY_INIT_OUTPUT', ignoredOutbound),
    `-A PROXY_INIT_OUTPUT -p tcp ${named('redirect-all-outgoing-to-proxy-port')} -j REDIRECT --to-ports ${outbound}`,
    `-A OUTPUT ${named('install-proxy-init-output')} -j PROXY_INIT_OUTPUT`,
    'COMMIT',
  ]
  return `${lines.join('\n')}\n`
}

function log(process: Process, level: string, text: string): Promise<void> {
  const time = new Date(process.machine.now()).toISOString().replace(/\.\d+Z$/, 'Z')
  return process.stderr.write(`time="${time}" level=${level} msg=${JSON.stringify(text)}\n`)
}
