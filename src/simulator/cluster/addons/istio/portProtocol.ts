import type { ServicePort } from '../../kinds/service.ts'
import type { OutboundListener } from '../mesh/settings.ts'

/** What a port carries: by `appProtocol`, else by the beginning of its name. */
export function protocolOf({ name = '', appProtocol, port }: ServicePort): OutboundListener['protocol'] {
  const word = (appProtocol ?? name.split('-')[0] ?? '').toLowerCase().replace('kubernetes.io/', '')
  if (['http', 'http2', 'grpc', 'grpc-web', 'h2c', 'ws'].includes(word)) return 'http'
  if (['tcp', 'https', 'tls', 'mongo', 'mysql', 'redis', 'wss'].includes(word)) return 'tcp'
  // Servers on these ports speak first, so looking at what the client says would wait for ever.
  return [25, 3306, 27017].includes(port) ? 'tcp' : 'unknown'
}
