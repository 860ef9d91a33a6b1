import { formatIpv4 } from '../../network/address.ts'
import { SocketError } from '../../network/socketError.ts'
import { ByteDecoder, bytesOf } from '../bytes.ts'
import { defineProgram } from '../options.ts'
import type { Process } from '../program.ts'
import { ResolveError, resolveHost } from '../resolver.ts'
import { servicePort } from '../services.ts'
import { socketErrorTexts } from '../socketFailure.ts'
import { connectTcp, type TcpStream } from '../tcp.ts'

/** Talks to a TCP port by hand. */
// Simplified: no negotiation of options, and no command mode behind Ctrl-].
export const telnet = defineProgram({
  name: 'telnet',
  summary: 'user interface to the TELNET protocol',
  usage: '[host-name [port]]',
  options: [
    { short: '4', help: 'use only IPv4' },
    { short: 'E', help: 'disable the escape character functionality', only: 'gnu' },
  ],
  notSimulated: '-6 -8 -a -b -c -d -e -f -F -k -K -l -L -n -r -x -X',
  async run(process, args) {
    const [host, portText] = args.operands
    if (host === undefined) {
      await process.write('telnet> ')
      return 0
    }
    const isBusybox = process.flavour === 'busybox'
    const port =
      portText === undefined ? 23 : /^\d+$/.test(portText) ? Number(portText) : servicePort(process, portText, 'tcp')
    if (port === undefined) {
      if (isBusybox) return process.fail(`bad port '${portText}'`)
      await process.write(`telnet: ${portText}: bad port\n`)
      return 1
    }
    let address: number
    try {
      address = (await resolveHost(process, host)).addresses[0]!
    } catch (error) {
      if (!(error instanceof ResolveError)) throw error
      if (isBusybox) return process.fail(`bad address '${host}'`)
      return process.fail(`could not resolve ${host}/${portText ?? 'telnet'}: ${error.message}`)
    }
    if (!isBusybox) await process.write(`Trying ${formatIpv4(address)}...\n`)
    try {
      const stream = await connectTcp(process, address, port)
      await process.write(
        isBusybox
          ? `Connected to ${host}\n\r\nEntering character mode\n\rEscape character is '^]'.\n\r\n`
          : `Connected to ${host}.\nEscape character is '^]'.\n`,
      )
      await talk(process, stream)
      if (isBusybox) return process.fail('connection closed by remote host')
      await process.stderr.write('Connection closed by foreign host.\n')
      return 1
    } catch (error) {
      if (!(error instanceof SocketError)) throw error
      const text = socketErrorTexts[error.code]
      if (isBusybox) return process.fail(`can't connect to remote host (${formatIpv4(address)}): ${text}`)
      return process.fail(`Unable to connect to remote host: ${text}`)
    }
  },
})

/** Both directions until the other side or the keyboard ends. */
async function talk(process: Process, stream: TcpStream): Promise<void> {
  process.thread(async () => {
    try {
      for (let text = await process.stdin.read(); text !== undefined; text = await process.stdin.read())
        await stream.write(bytesOf(text.replaceAll('\n', '\r\n')))
      stream.close()
    } catch (error) {
      if (!(error instanceof SocketError)) throw error
    }
  })
  const decoder = new ByteDecoder()
  for (let bytes = await stream.read(); bytes; bytes = await stream.read()) await process.write(decoder.push(bytes))
}
