import { ByteReader } from '../../../machine/byteStream.ts'
import type { Process, Program } from '../../../machine/program.ts'
import { serveTcp, type TcpStream } from '../../../machine/tcp.ts'
import { untilAsked } from '../../../machine/untilAsked.ts'
import { SocketError } from '../../../network/socketError.ts'
import { decode, encode, type Value } from './protocol.ts'

const ok: Value = { status: 'OK' }

/** The redis server. Simplified: values are texts; lists, sets and the rest are not there. */
export function redisServer(version: string): Program {
  return {
    name: 'redis-server',
    summary: 'persistent key-value database',
    async run(process) {
      const at = process.argv.indexOf('--port')
      const port = at < 0 ? 6379 : Number(process.argv[at + 1])
      const log = (mark: string, text: string) => process.write(`${process.pid}:${mark} ${logTime(process)} ${text}\n`)
      await log('C', '* oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo')
      await log(
        'C',
        `* Redis version=${version}, bits=64, commit=00000000, modified=0, pid=${process.pid}, just started`,
      )
      const store = new Map<string, string>()
      try {
        serveTcp(process, port, stream => serve(stream, store, version), { isDualStack: true })
      } catch (error) {
        if (!(error instanceof SocketError)) throw error
        await log(
          'M',
          `# Warning: Could not create server TCP listening socket *:${port}: bind: Address already in use`,
        )
        await log('M', '# Failed listening on port 6379 (tcp), aborting.')
        return 1
      }
      await log('M', '* Server initialized')
      await log('M', '* Ready to accept connections tcp')
      await untilAsked(process)
      await log('M', '# User requested shutdown...')
      await log('M', '# Redis is now ready to exit, bye bye...')
      return 0
    },
  }
}

async function serve(stream: TcpStream, store: Map<string, string>, version: string): Promise<void> {
  const reader = new ByteReader(stream)
  for (;;) {
    const request = await decode(reader)
    if (request === undefined) return
    const words = Array.isArray(request) ? request.map(String) : []
    if (words.length === 0) continue
    await stream.write(encode(answer(words, store, version)))
    if (words[0]!.toUpperCase() === 'QUIT') return
  }
}

function answer([name = '', ...args]: readonly string[], store: Map<string, string>, version: string): Value {
  const [key = '', value = ''] = args
  const command = commands[name.toUpperCase()]
  if (!command) {
    const shown = args.map(word => `'${word}' `).join('')
    return { error: `ERR unknown command '${name}', with args beginning with: ${shown}` }
  }
  if (args.length < command.arity) return { error: `ERR wrong number of arguments for '${name.toLowerCase()}' command` }
  return command.run(store, key, value, args, version)
}

interface Command {
  readonly arity: number
  run(store: Map<string, string>, key: string, value: string, args: readonly string[], version: string): Value
}

const commands: Readonly<Record<string, Command>> = {
  PING: { arity: 0, run: (_, key, __, args) => (args.length > 0 ? key : { status: 'PONG' }) },
  ECHO: { arity: 1, run: (_, key) => key },
  QUIT: { arity: 0, run: () => ok },
  SET: {
    arity: 2,
    run(store, key, value) {
      store.set(key, value)
      return ok
    },
  },
  GET: { arity: 1, run: (store, key) => store.get(key) ?? null },
  DEL: { arity: 1, run: (store, _, __, args) => args.filter(each => store.delete(each)).length },
  EXISTS: { arity: 1, run: (store, _, __, args) => args.filter(each => store.has(each)).length },
  INCR: { arity: 1, run: (store, key) => add(store, key, 1) },
  DECR: { arity: 1, run: (store, key) => add(store, key, -1) },
  APPEND: {
    arity: 2,
    run(store, key, value) {
      store.set(key, (store.get(key) ?? '') + value)
      return store.get(key)!.length
    },
  },
  KEYS: {
    arity: 1,
    run(store, pattern) {
      const test = new RegExp(
        `^${pattern
          .replace(/[.+^${}()|[\]\\]/g, '\\$&')
          .replaceAll('*', '.*')
          .replaceAll('?', '.')}$`,
      )
      return [...store.keys()].filter(key => test.test(key))
    },
  },
  DBSIZE: { arity: 0, run: store => store.size },
  FLUSHALL: {
    arity: 0,
    run(store) {
      store.clear()
      return ok
    },
  },
  INFO: {
    arity: 0,
    run: (_, __, ___, ____, version) =>
      `# Server\r\nredis_version:${version}\r\nredis_mode:standalone\r\ntcp_port:6379\r\n`,
  },
  COMMAND: { arity: 0, run: () => [] },
}

function add(store: Map<string, string>, key: string, change: number): Value {
  const before = store.get(key) ?? '0'
  if (!/^-?\d+$/.test(before)) return { error: 'ERR value is not an integer or out of range' }
  store.set(key, String(Number(before) + change))
  return Number(before) + change
}

/** `02 Mar 2026 09:30:00.123`. */
function logTime(process: Process): string {
  const date = new Date(process.machine.now())
  const [, day, month, year, clock] = /^\w+, (\d+) (\w+) (\d+) (\S+)/.exec(date.toUTCString())!
  return `${day} ${month} ${year} ${clock}${date.toISOString().slice(19, 23)}`
}
