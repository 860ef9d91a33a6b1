import type { HttpRequest } from '../../machine/httpServer.ts'
import type { Process } from '../../machine/program.ts'
import { formatIpv4 } from '../../network/address.ts'
import { goTime, serveUntilAsked } from './go/server.ts'
import type { Image } from './image.ts'
import { layRoot } from './layers/root.ts'

/** Tells who answers and what was asked. */
export const whoami: Image = {
  repository: 'docker.io/traefik/whoami',
  hasTag: tag => /^(latest|v1\.(\d|10|11)(\.\d)?)$/.test(tag),
  size: () => 2_900_000,
  settings: () => ({ entrypoint: ['/whoami'], ports: ['80/tcp'] }),
  build(files) {
    layRoot(files, [], '/dev /etc /proc /sys')
    files.install('/whoami', { name: 'whoami', summary: 'tell what was asked', run })
  },
}

async function run(process: Process): Promise<number> {
  const flag = process.argv.find(word => /^--?port[= ]/.test(word)) ?? ''
  const port = Number(flag.split('=')[1] ?? process.env.get('WHOAMI_PORT_NUMBER') ?? 80)
  await process.stderr.write(`${goTime(process)} Starting up on port ${port}\n`)
  return serveUntilAsked(process, port, async request => {
    const wait = goDuration(/[?&]wait=([^&]*)/.exec(request.target)?.[1] ?? '')
    if (wait > 0) await process.sleep(wait)
    const headers = { 'Content-Type': 'text/plain; charset=utf-8' }
    return { status: 200, headers, body: describe(process, request) }
  })
}

/** A duration as Go reads it, in milliseconds: `1.5s`, `200ms`; 0 for anything else. */
function goDuration(text: string): number {
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? []
  return count === undefined ? 0 : Number(count) * { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[unit]!
}

/** A header's name as Go keeps it: `X-Request-Id`. */
function canonical(name: string): string {
  return name.toLowerCase().replace(/(^|-)[a-z]/g, letter => letter.toUpperCase())
}

function describe(process: Process, request: HttpRequest): string {
  const addresses = process.network.interfaces.flatMap(each => each.addresses.map(({ address }) => formatIpv4(address)))
  const fields = [...request.headers]
    .filter(([name]) => name.toLowerCase() !== 'host')
    .map(([name, value]) => [canonical(name), value] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1))
  return [
    `Hostname: ${process.machine.hostname}`,
    ...addresses.map(address => `IP: ${address}`),
    `RemoteAddr: ${formatIpv4(request.remote.address)}:${request.remote.port}`,
    `${request.method} ${request.target} HTTP/1.1`,
    `Host: ${request.headers.get('host') ?? ''}`,
    ...fields.map(([name, value]) => `${name}: ${value}`),
    '',
    '',
  ].join('\n')
}
