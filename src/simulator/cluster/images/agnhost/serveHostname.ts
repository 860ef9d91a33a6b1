import { bytesOf } from '../../../machine/bytes.ts'
import { glogLine } from '../../../machine/glog.ts'
import { serveHttp } from '../../../machine/httpServer.ts'
import { serveTcp } from '../../../machine/tcp.ts'
import { openUdp } from '../../../machine/udp.ts'
import { untilAsked } from '../../../machine/untilAsked.ts'
import { readFlags, type Subcommand } from './subcommand.ts'

/** Tells everybody who asks the name of its host. */
export const serveHostname: Subcommand = {
  name: 'serve-hostname',
  summary: 'Serves the hostname',
  async run(process, words) {
    const { flags } = readFlags(words, { tcp: 'false', udp: 'false', http: 'true', close: 'false', port: '9376' })
    const port = Number(flags.port)
    const { hostname } = process.machine
    if (flags.udp === 'true') {
      const socket = openUdp(process, { port, isDualStack: true })
      process.thread(async () => {
        for (;;) {
          const datagram = await socket.next()
          if (datagram && 'bytes' in datagram)
            socket.send(bytesOf(`${hostname}\n`), datagram.source.address, datagram.source.port)
        }
      })
    }
    if (flags.tcp === 'true') {
      serveTcp(process, port, stream => stream.write(bytesOf(`${hostname}\n`)), { isDualStack: true })
    } else if (flags.http === 'true') {
      const headers = {
        'Content-Type': 'text/plain; charset=utf-8',
        ...(flags.close === 'true' ? { Connection: 'close' } : {}),
      }
      serveHttp(process, port, () => ({ status: 200, headers, body: hostname }), { isDualStack: true })
    }
    const kind = flags.tcp === 'true' ? 'TCP' : flags.udp === 'true' ? 'UDP' : 'HTTP'
    await process.stderr.write(glogLine(process, 'log.go:244', `Serving on port ${port} (${kind}).`))
    await untilAsked(process)
    return 0
  },
}
