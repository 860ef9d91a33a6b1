import { textOf } from '../../machine/bytes.ts'
import type { HttpRequest } from '../../machine/httpServer.ts'
import type { Process } from '../../machine/program.ts'
import { formatIpv4 } from '../../network/address.ts'
import { serveUntilAsked } from './go/server.ts'
import type { Image } from './image.ts'
import { layDebian } from './layers/debian.ts'

/** Tells what was asked, and of which pod. */
export const echoserver: Image = {
  repository: 'registry.k8s.io/echoserver',
  mirrors: ['gcr.io/google_containers/echoserver', 'gcr.io/google-containers/echoserver'],
  hasTag: tag => /^1\.([4-9]|10)$/.test(tag),
  size: () => 42_700_000,
  settings: () => ({ command: ['/usr/local/bin/run.sh'], ports: ['8080/tcp', '8443/tcp'] }),
  build(files, _tag, programs) {
    layDebian(files, programs)
    files.install('/usr/local/bin/run.sh', {
      name: 'run.sh',
      summary: 'tell what was asked',
      // Simplified: no TLS on port 8443.
      run: process =>
        serveUntilAsked(process, 8080, request => ({
          status: 200,
          headers: { Server: 'echoserver', 'Content-Type': 'text/plain' },
          body: describe(process, request),
        })),
    })
  },
}

function describe(process: Process, { method, target, headers, remote, version, body }: HttpRequest): string {
  const [path = '/', query = ''] = target.split('?')
  const host = (headers.get('host') ?? '').split(':')[0]
  const fields = [['node name', 'NODE_NAME'] as const, ['pod name', 'POD_NAME'] as const]
  const more = [['pod namespace', 'POD_NAMESPACE'] as const, ['pod IP', 'POD_IP'] as const]
  const pod = [...fields, ...more].flatMap(([title, variable]) => {
    const value = process.env.get(variable)
    return value ? [`\t${title}:\t${value}`] : []
  })
  const sent = [...headers].map(([name, value]) => `\t${name.toLowerCase()}=${value}`).sort()
  return [
    '',
    '',
    `Hostname: ${process.machine.hostname}`,
    '',
    'Pod Information:',
    ...(pod.length > 0 ? pod : ['\t-no pod information available-']),
    '',
    'Server values:',
    '\tserver_version=nginx: 1.13.3 - lua: 10008',
    '',
    'Request Information:',
    `\tclient_address=${formatIpv4(remote.address)}`,
    `\tmethod=${method}`,
    `\treal path=${target}`,
    `\tquery=${query}`,
    `\trequest_version=${version}`,
    '\trequest_scheme=http',
    `\trequest_uri=http://${host}:8080${path}`,
    '',
    'Request Headers:',
    ...sent,
    '',
    'Request Body:',
    body.length > 0 ? textOf(body) : '\t-no body in request-',
    '',
    '',
  ].join('\n')
}
