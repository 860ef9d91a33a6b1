import { bytesOf, textOf } from '../../../machine/bytes.ts'
import type { Process } from '../../../machine/program.ts'
import { listenTcp, type TcpStream } from '../../../machine/tcp.ts'
import { parseIpv4 } from '../../../network/address.ts'
import type { Subcommand } from './subcommand.ts'

/** Serves one connection as its environment says: what it wants to hear, and how much it says then. */
export const portForwardTester: Subcommand = {
  name: 'port-forward-tester',
  summary: 'Creates a TCP server that sends chunks of data',
  async run(process) {
    const setting = (name: string, usual = '') => process.env.get(name) || usual
    const address = setting('BIND_ADDRESS', 'localhost')
    const listening = listenTcp(process, Number(setting('BIND_PORT', '8080')), {
      ...(address === 'localhost' ? { address: parseIpv4('127.0.0.1')! } : { isDualStack: true }),
    })
    const connection = await listening.accept()
    await process.write('Accepted client connection\n')
    try {
      const expected = setting('EXPECTED_CLIENT_DATA')
      if (expected !== '' && !(await hears(process, connection, expected))) return 3
      await speak(process, connection, {
        chunks: Number(setting('CHUNKS', '0')),
        size: Number(setting('CHUNK_SIZE', '0')),
        pause: Number(setting('CHUNK_INTERVAL', '0')),
      })
      await process.write('Done\n')
      return 0
    } finally {
      connection.close()
    }
  },
}

async function hears(process: Process, connection: TcpStream, expected: string): Promise<boolean> {
  let heard = ''
  while (heard.length < expected.length) {
    const bytes = await connection.read()
    if (!bytes) break
    heard += textOf(bytes)
  }
  const isExpected = heard.slice(0, expected.length) === expected
  await process.write(
    isExpected
      ? 'Received expected client data\n'
      : `Expected to read ${JSON.stringify(expected)}, but got ${JSON.stringify(heard)}. err=EOF\n`,
  )
  return isExpected
}

async function speak(
  process: Process,
  connection: TcpStream,
  { chunks, size, pause }: { readonly chunks: number; readonly size: number; readonly pause: number },
): Promise<void> {
  for (let left = chunks; left > 0; left--) {
    await connection.write(bytesOf('x'.repeat(size)))
    if (left > 1) await process.sleep(pause)
  }
}
