import type { HttpAnswer } from '../../../machine/httpServer.ts'
import { serveHttp } from '../../../machine/httpServer.ts'
import type { Process } from '../../../machine/program.ts'
import { resolveHost } from '../../../machine/resolver.ts'
import { untilAsked } from '../../../machine/untilAsked.ts'
import { formatIpv4, parseIpv4 } from '../../../network/address.ts'
import { askHttp } from './dial.ts'
import { readFlags, type Subcommand } from './subcommand.ts'

/** How long a replica waits before it asks the primary again to take it in. */
const retryPause = 1000

/** A guest book in parts: a primary that is written to, replicas that are read from, and a front for both. */
export const guestbook: Subcommand = {
  name: 'guestbook',
  summary: 'Creates a HTTP server with various endpoints representing a guestbook app',
  async run(process, words) {
    const { flags } = readFlags(words, { 'http-port': '80', 'backend-port': '6379', replicaof: '', slaveof: '' })
    const primary = flags.replicaof || flags.slaveof
    const backend = { book: new Map<string, string>(), replicas: [], port: Number(flags['backend-port']) }
    serveHttp(process, Number(flags['http-port']), request => answer(process, request.target, backend), {
      isDualStack: true,
    })
    if (primary !== '') process.thread(() => register(process, primary, backend))
    await untilAsked(process)
    return 0
  },
}

interface Backend {
  readonly book: Map<string, string>
  /** Addresses of those who are told of every entry. */
  readonly replicas: string[]
  /** Where the primary and the replicas listen. */
  readonly port: number
}

async function answer(process: Process, target: string, backend: Backend): Promise<HttpAnswer> {
  const { path, query } = partsOf(target)
  const { book, replicas, port } = backend
  const [key, value] = [query.get('key') ?? '', query.get('value') ?? '']
  switch (path) {
    case '/get':
      return json({ data: book.get(key) ?? '' })
    case '/set':
      book.set(key, value)
      for (const replica of replicas) await get(process, replica, port, setPath(key, value))
      return json({ message: 'Updated' })
    case '/register':
      replicas.push(query.get('host') ?? '')
      return json(Object.fromEntries(book))
    case '/guestbook':
      return query.get('cmd') === 'set'
        ? passOn(process, 'agnhost-primary', port, setPath(key, value))
        : passOn(process, 'agnhost-replica', port, `get?key=${encodeURIComponent(key)}`)
    default:
      return { status: 404, body: '404 page not found\n' }
  }
}

async function passOn(process: Process, host: string, port: number, path: string): Promise<HttpAnswer> {
  try {
    return { status: 200, headers: { 'Content-Type': 'application/json' }, body: await get(process, host, port, path) }
  } catch (error) {
    return { status: 500, body: error instanceof Error ? error.message : String(error) }
  }
}

/** Tells the primary where it is, again and again until it is heard, and takes over what is written so far. */
async function register(process: Process, primary: string, { book, port }: Backend): Promise<void> {
  const own = process.network.interfaces.flatMap(({ addresses }) => addresses).find(({ scope }) => scope === 'global')
  for (;;) {
    try {
      const written = await get(process, primary, port, `register?host=${own ? formatIpv4(own.address) : ''}`)
      for (const [key, value] of Object.entries(JSON.parse(written) as Record<string, string>)) book.set(key, value)
      return
    } catch {
      await process.sleep(retryPause)
    }
  }
}

async function get(process: Process, host: string, port: number, path: string): Promise<string> {
  const address = parseIpv4(host) ?? (await resolveHost(process, host, 4)).addresses[0]!
  return askHttp(process, address, port, path)
}

function setPath(key: string, value: string): string {
  return `set?key=${encodeURIComponent(key)}&value=${encodeURIComponent(value)}`
}

function partsOf(target: string): { path: string; query: Map<string, string> } {
  const [path = '', search = ''] = target.split('?')
  const query = new Map<string, string>()
  for (const pair of search.split('&')) {
    const [name = '', value = ''] = pair.split('=')
    query.set(decodeURIComponent(name), decodeURIComponent(value.replaceAll('+', ' ')))
  }
  return { path, query }
}

function json(value: unknown): HttpAnswer {
  return { status: 200, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(value) }
}
