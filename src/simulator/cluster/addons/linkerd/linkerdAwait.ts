import { HttpError, HttpHeaders } from '../../../machine/http.ts'
import { requestHttp } from '../../../machine/httpClient.ts'
import type { Process, Program } from '../../../machine/program.ts'
import { parseIpv4 } from '../../../network/address.ts'
import { SocketError } from '../../../network/socketError.ts'

/** Waits until the proxy of its pod is ready: containers that follow begin only then. */
export const linkerdAwait: Program = {
  name: 'linkerd-await',
  summary: 'wait for linkerd to become ready before running a program',
  async run(process) {
    const flag = (name: string) => process.argv.find(word => word.startsWith(`--${name}=`))?.split('=')[1]
    const [, count = '2', unit = 'm'] = /^(\d+)(s|m)$/.exec(flag('timeout') ?? '2m') ?? []
    const end = process.kernel.clock.now + Number(count) * (unit === 'm' ? 60_000 : 1000)
    while (process.kernel.clock.now < end) {
      if (await isReady(process, Number(flag('port') ?? 4191))) return 0
      await process.sleep(1000)
    }
    await process.stderr.write('linkerd-proxy failed to become ready within timeout\n')
    return 69
  },
}

async function isReady(process: Process, port: number): Promise<boolean> {
  try {
    const reply = await requestHttp(process, {
      address: parseIpv4('127.0.0.1')!,
      port,
      method: 'GET',
      target: '/ready',
      headers: new HttpHeaders([
        ['host', `localhost:${port}`],
        ['connection', 'close'],
      ]),
    })
    reply.close()
    return reply.head.status === 200
  } catch (error) {
    if (!(error instanceof SocketError || error instanceof HttpError)) throw error
    return false
  }
}
