import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { createWebSocketStream, type WebSocket, WebSocketServer } from 'ws'
import type { ApiRequest, ApiStream } from '../../simulator/cluster/client.ts'
import { carryContainerStreams, carryForwardedPorts } from './spdyStreams.ts'
import { carryChannels, carryPieces, carryPortChannels } from './webSocketStreams.ts'

/** A connection that is to carry a stream of the API server. */
export interface Upgrade {
  readonly message: IncomingMessage
  readonly socket: Duplex
  /** What the client has already sent behind its request. */
  readonly head: Buffer
  readonly request: Omit<ApiRequest, 'body'>
  readonly stream: ApiStream
  /** Asks for the same once more, with another query. */
  again(query: Readonly<Record<string, string>>): ApiStream
}

/** In the server's order of preference. */
const channelProtocols = [
  'v5.channel.k8s.io',
  'v4.channel.k8s.io',
  'v4.base64.channel.k8s.io',
  'channel.k8s.io',
  'base64.channel.k8s.io',
]
const pieceProtocols = ['binary.k8s.io', 'base64.binary.k8s.io']
const tunnelProtocol = 'SPDY/3.1+portforward.k8s.io'
const spdyProtocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io', 'portforward.k8s.io']

/** Turns a connection into what its client asks for: a WebSocket, or SPDY/3.1. */
export class Upgrades {
  readonly #server = new WebSocketServer({ noServer: true })
  readonly #protocols = new WeakMap<IncomingMessage, string>()

  constructor() {
    this.#server.on('headers', (headers, message) => {
      const protocol = this.#protocols.get(message)
      if (protocol) headers.push(`Sec-WebSocket-Protocol: ${protocol}`)
    })
  }

  accept(upgrade: Upgrade): void {
    const { message, socket, head } = upgrade
    if (!/^websocket$/i.test(message.headers.upgrade ?? '')) return acceptSpdy(upgrade)
    // The slash in the tunnel's name is against RFC 6455, which the library knows: the choice is made here instead.
    const offered = (message.headers['sec-websocket-protocol'] ?? '').split(/,\s*/)
    const protocol = protocolsFor(upgrade.request.path).find(each => offered.includes(each)) ?? ''
    this.#protocols.set(message, protocol)
    delete message.headers['sec-websocket-protocol']
    this.#server.handleUpgrade(message, socket, head, webSocket => carry(webSocket, protocol, upgrade))
  }
}

function carry(socket: WebSocket, protocol: string, upgrade: Upgrade): void {
  const { stream } = upgrade
  if (protocol === tunnelProtocol) {
    stream.close()
    carryForwardedPorts(createWebSocketStream(socket), port => upgrade.again({ ports: String(port) }))
  } else if (isExec(upgrade.request.path)) carryChannels(socket, protocol, stream)
  else if (isPortForward(upgrade.request.path)) {
    stream.close()
    const ports = (upgrade.request.repeated?.['ports'] ?? []).flatMap(text => text.split(',')).map(Number)
    carryPortChannels(socket, protocol, ports, port => upgrade.again({ ports: String(port) }))
  } else carryPieces(socket, protocol, stream)
}

function acceptSpdy({ message, socket, head, request, stream, again }: Upgrade): void {
  const offered = String(message.headers['x-stream-protocol-version'] ?? '').split(/,\s*/)
  const protocol = spdyProtocols.find(each => offered.includes(each))
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Connection: Upgrade',
    'Upgrade: SPDY/3.1',
    ...(protocol ? [`X-Stream-Protocol-Version: ${protocol}`] : []),
  ]
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  if (head.length > 0) socket.unshift(head)
  if (isPortForward(request.path)) {
    stream.close()
    carryForwardedPorts(socket, port => again({ ports: String(port) }))
  } else {
    const isSet = (name: string) => request.query?.[name] === 'true' || request.query?.[name] === '1'
    const asked = ['stdin', 'stdout', 'stderr', 'tty'].filter(isSet)
    // With a terminal there is no stderr, and a stream for its size; the stream of errors is always there.
    const streams = asked.filter(name => !(name === 'stderr' && isSet('tty')))
    carryContainerStreams(socket, streams.length + 1, stream)
  }
}

function protocolsFor(path: string): readonly string[] {
  if (isPortForward(path)) return [tunnelProtocol, ...channelProtocols]
  return isExec(path) ? channelProtocols : pieceProtocols
}

function isExec(path: string): boolean {
  return /\/(exec|attach)$/.test(path)
}

/** Whether a path is that of the ports of a pod. */
export function isPortForward(path: string): boolean {
  return path.endsWith('/portforward')
}
