import { ByteReader } from '../../../machine/byteStream.ts'
import type { Process, Program } from '../../../machine/program.ts'
import { ResolveError, resolveHost } from '../../../machine/resolver.ts'
import { socketErrorTexts } from '../../../machine/socketFailure.ts'
import { connectTcp, type TcpStream } from '../../../machine/tcp.ts'
import { parseIpv4 } from '../../../network/address.ts'
import { SocketError } from '../../../network/socketError.ts'
import { decode, encode, type Value } from './protocol.ts'

/** Sends commands to a redis server. */
export const redisCli: Program = {
  name: 'redis-cli',
  summary: 'talk to a redis server',
  async run(process) {
    const words = process.argv.slice(1)
    let host = '127.0.0.1'
    let port = 6379
    while (/^-[hp]$/.test(words[0] ?? '')) {
      const [flag, value = ''] = words.splice(0, 2)
      if (flag === '-h') host = value
      else port = Number(value)
    }
    try {
      const address = parseIpv4(host) ?? (await resolveHost(process, host, 4)).addresses[0]!
      const stream = await connectTcp(process, address, port)
      if (words.length > 0) return await ask(process, stream, words)
      for await (const line of process.lines()) {
        const typed = line
          .trim()
          .split(/\s+/)
          .filter(word => word !== '')
        if (/^(quit|exit)$/i.test(typed[0] ?? '')) break
        if (typed.length > 0) await ask(process, stream, typed)
      }
      stream.close()
      return 0
    } catch (error) {
      const reason =
        error instanceof SocketError
          ? socketErrorTexts[error.code]
          : error instanceof ResolveError
            ? error.message
            : undefined
      if (reason === undefined) throw error
      await process.stderr.write(`Could not connect to Redis at ${host}:${port}: ${reason}\n`)
      return 1
    }
  },
}

async function ask(process: Process, stream: TcpStream, words: readonly string[]): Promise<number> {
  await stream.write(encode(words))
  const answer = await decode(new ByteReader(stream))
  await process.write(`${show(answer ?? null, process.stdout.terminal !== undefined)}\n`)
  return answer && typeof answer === 'object' && 'error' in answer ? 1 : 0
}

/** On a terminal values show their types. */
function show(value: Value, isFormatted: boolean): string {
  if (value === null) return isFormatted ? '(nil)' : ''
  if (typeof value === 'number') return isFormatted ? `(integer) ${value}` : String(value)
  if (typeof value === 'string') return isFormatted ? JSON.stringify(value) : value
  if ('error' in value) return isFormatted ? `(error) ${value.error}` : value.error
  if ('status' in value) return value.status
  if (value.length === 0) return isFormatted ? '(empty array)' : ''
  return value.map((each, i) => (isFormatted ? `${i + 1}) ` : '') + show(each, isFormatted)).join('\n')
}
