import { textOf } from '../../../machine/bytes.ts'
import { collect, HttpError, HttpHeaders } from '../../../machine/http.ts'
import { requestHttp } from '../../../machine/httpClient.ts'
import type { Process } from '../../../machine/program.ts'
import { parseIpv4 } from '../../../network/address.ts'
import { SocketError } from '../../../network/socketError.ts'

/** `pilot-agent request GET stats`: asks a server of the same pod for what only it knows. */
export async function requestAdmin(process: Process, usualPort: number, words: readonly string[]): Promise<number> {
  const port = Number(words.find(word => word.startsWith('--debug-port='))?.split('=')[1] ?? usualPort)
  const [method, path] = words.filter(word => !word.startsWith('--'))
  if (method === undefined || path === undefined) {
    await process.stderr.write(`Error: accepts 2 arg(s), received ${method === undefined ? 0 : 1}\n`)
    return 255
  }
  try {
    const reply = await requestHttp(process, {
      address: parseIpv4('127.0.0.1')!,
      port,
      method,
      target: `/${path.replace(/^\//, '')}`,
      headers: new HttpHeaders([
        ['Host', `localhost:${port}`],
        ['Connection', 'close'],
      ]),
    })
    await process.write(textOf(await collect(reply.body)))
    reply.close()
    return reply.head.status < 400 ? 0 : 1
  } catch (error) {
    if (!(error instanceof SocketError || error instanceof HttpError)) throw error
    const url = `http://localhost:${port}/${path.replace(/^\//, '')}`
    await process.stderr.write(
      `Error: failed to execute command on Envoy: ${method} ${JSON.stringify(url)}: connection refused\n`,
    )
    return 1
  }
}
