import { textOf } from '../../../machine/bytes.ts'
import { HttpHeaders } from '../../../machine/http.ts'
import { requestHttp } from '../../../machine/httpClient.ts'
import type { Program } from '../../../machine/program.ts'
import { parseIpv4 } from '../../../network/address.ts'
import { SocketError } from '../../../network/socketError.ts'
import { controlPort } from './range.ts'

const subjects = new Set(['connections', 'ipam'])

/** Asks the router of its node how it is: `weave --local status`. */
export const weaveCommand: Program = {
  name: 'weave',
  summary: 'show the state of Weave Net',
  async run(process) {
    const [command, subject] = process.argv.slice(1).filter(word => word !== '--local')
    if (command !== 'status')
      return process.fail(`${command ?? 'weave without a command'} is not simulated here: try --local status`)
    if (subject !== undefined && !subjects.has(subject)) return process.fail(`status ${subject} is not simulated here`)
    const target = subject === undefined ? '/status' : `/status/${subject}`
    try {
      const reply = await requestHttp(process, {
        address: parseIpv4('127.0.0.1')!,
        port: controlPort,
        method: 'GET',
        target,
        headers: new HttpHeaders([['Host', `127.0.0.1:${controlPort}`]]),
      })
      for await (const piece of reply.body) await process.write(textOf(piece))
      reply.close()
      return 0
    } catch (error) {
      if (!(error instanceof SocketError)) throw error
      await process.stderr.write('weave is not running\n')
      return 1
    }
  },
}
