import { textOf } from '../../../machine/bytes.ts'
import { serveHttp } from '../../../machine/httpServer.ts'
import { untilAsked } from '../../../machine/untilAsked.ts'
import { readFlags, type Subcommand } from './subcommand.ts'

/** Counts who has written to it, and tells who asks. */
// Simplified: it does not look for peers of its own.
export const nettest: Subcommand = {
  name: 'nettest',
  summary: 'Starts a tiny web server for checking networking connectivity',
  async run(process, words) {
    const { flags } = readFlags(words, {
      port: '8080',
      'peer-count': '8',
      service: 'nettest',
      namespace: 'default',
      'delay-shutdown': '0',
    })
    const { hostname } = process.machine
    const received = new Map<string, number>()
    const json = (value: unknown) => ({ status: 200, body: `${JSON.stringify(value)}\n` })
    serveHttp(
      process,
      Number(flags.port),
      ({ target, body }) => {
        if (target === '/read')
          return json({
            Hostname: hostname,
            Sent: {},
            Received: Object.fromEntries(received),
            Errors: null,
            Log: null,
            StillContactingPeers: false,
          })
        if (target === '/write') {
          const { Source: source = '' } = readPost(textOf(body))
          received.set(source, (received.get(source) ?? 0) + 1)
          return json({ Hostname: hostname })
        }
        if (target === '/status') return { status: 200, body: received.size > 0 ? 'pass' : 'running' }
        return target === '/quit' ? { status: 200, body: '' } : { status: 404, body: '404 page not found\n' }
      },
      { isDualStack: true },
    )
    await untilAsked(process)
    return 0
  },
}

function readPost(text: string): { Source?: string } {
  try {
    return JSON.parse(text) as { Source?: string }
  } catch {
    return {}
  }
}
