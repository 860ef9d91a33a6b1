import type { Process } from '../../machine/program.ts'
import { formatIpv4 } from '../../network/address.ts'
import { goTime, serveUntilAsked } from './go/server.ts'
import type { Image } from './image.ts'
import { layRoot } from './layers/root.ts'

const dots: Readonly<Record<string, string>> = {
  black: '⚫',
  blue: '🔵',
  brown: '🟤',
  green: '🟢',
  orange: '🟠',
  purple: '🟣',
  red: '🔴',
  white: '⚪',
  yellow: '🟡',
}
const namespaceFile = '/var/run/secrets/kubernetes.io/serviceaccount/namespace'

/** Says which pod answers, in the color that the pod's name begins with. */
export const color: Image = {
  repository: 'docker.io/jpetazzo/color',
  hasTag: tag => tag === 'latest',
  size: () => 3_700_000,
  settings: () => ({ command: ['/color'], ports: ['80/tcp'] }),
  build(files) {
    layRoot(files, [], '/dev /etc /proc /run /sys /var')
    files.install('/color', { name: 'color', summary: 'say who answers', run })
  },
}

async function run(process: Process): Promise<number> {
  const { hostname } = process.machine
  const namespace = process.files.exists(namespaceFile) ? process.files.readText(namespaceFile) : undefined
  const dot = dots[hostname.split('-')[0]!] ?? ''
  const name = namespace ? `pod ${namespace}/${hostname}` : hostname
  await process.stderr.write(`${goTime(process)} Listening on port 80.\n`)
  return serveUntilAsked(process, 80, ({ target, remote }) => ({
    status: 200,
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    body: `${dot}This is ${name} on linux/amd64, serving ${target.split('?')[0]} for ${formatIpv4(remote.address)}:${remote.port}.\n`,
  }))
}
