import type { Process } from '../../machine/program.ts'
import { runInstead } from '../../machine/runInstead.ts'
import { formatIpv4 } from '../../network/address.ts'
import type { Image } from './image.ts'
import { layCommands } from './layers/root.ts'
import { layNginx } from './nginx/layer.ts'

const tools =
  `awk bash bridge conntrack curl dig ethtool getent host ip iptables iptables-save jq mtr nc netstat nslookup ping ps ss
  tcpdump telnet traceroute wget`.split(/\s+/)

/** Network tools beside a web server that tells who answers. */
export const networkMultitool: Image = {
  repository: 'docker.io/wbitt/network-multitool',
  mirrors: ['docker.io/praqma/network-multitool', 'ghcr.io/eficode-academy/network-multitool'],
  hasTag: tag => /^(latest|minimal|extra|alpine-minimal|alpine-extra)$/.test(tag),
  size: () => 23_100_000,
  settings: () => ({
    entrypoint: ['/docker/entrypoint.sh'],
    command: ['/usr/sbin/nginx', '-g', 'daemon off;'],
    ports: ['80/tcp', '443/tcp', '1180/tcp', '11443/tcp'],
  }),
  build(files, _tag, programs) {
    layNginx(files, programs, '1.27.5', { isAlpine: true })
    layCommands(files, programs, tools, { directory: '/usr/bin', flavour: 'gnu' })
    files.mkdir('/docker')
    files.install('/docker/entrypoint.sh', { name: 'entrypoint.sh', summary: 'write the page, then serve it', run })
  },
}

// Simplified: no TLS.
async function run(process: Process): Promise<number> {
  const { files, machine, network } = process
  const [port = '80', tlsPort = '443'] = ['HTTP_PORT', 'HTTPS_PORT'].map(name => process.env.get(name) || undefined)
  const address = network.interfaces
    .filter(({ name }) => name !== 'lo')
    .flatMap(each => each.addresses.map(({ address }) => formatIpv4(address)))[0]
  files.writeText(
    '/usr/share/nginx/html/index.html',
    `WBITT Network MultiTool (with NGINX) - ${machine.hostname} - ${address ?? '127.0.0.1'} - HTTP: ${port} , HTTPS: ${tlsPort} . (Formerly praqma/network-multitool)\n`,
  )
  const server = '/etc/nginx/conf.d/default.conf'
  files.writeText(server, files.readText(server).replace(/(listen .*)80;/g, `$1${port};`))
  return runInstead(process, process.argv.slice(1))
}
