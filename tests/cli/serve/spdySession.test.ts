import { duplexPair } from 'node:stream'
import { constants, createDeflate } from 'node:zlib'
import { expect, test } from 'vitest'
import { spdyDictionary } from '../../../src/cli/serve/spdyDictionary.ts'
import { SpdySession, type SpdyStream } from '../../../src/cli/serve/spdySession.ts'

/** A control frame, or for a stream's number a data frame. */
function frame(head: readonly [type: number] | { stream: number }, flags: number, body: Buffer): Buffer {
  const bytes = Buffer.alloc(8)
  if ('stream' in head) bytes.writeUInt32BE(head.stream)
  else {
    bytes.writeUInt16BE(0x8003)
    bytes.writeUInt16BE(head[0], 2)
  }
  bytes.writeUInt8(flags, 4)
  bytes.writeUIntBE(body.length, 5, 3)
  return Buffer.concat([bytes, body])
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** Compresses the headers of one stream after another, as a client does. */
function headerWriter(): (headers: Readonly<Record<string, string>>) => Promise<Buffer> {
  const deflate = createDeflate({ dictionary: spdyDictionary })
  const pieces: Buffer[] = []
  deflate.on('data', piece => pieces.push(piece))
  return headers => {
    const texts = Object.entries(headers)
      .flat()
      .flatMap(text => [number(text.length), Buffer.from(text)])
    deflate.write(Buffer.concat([number(Object.keys(headers).length), ...texts]))
    return new Promise(resolve => {
      deflate.flush(constants.Z_SYNC_FLUSH, () => resolve(Buffer.concat(pieces.splice(0))))
    })
  }
}

test('streams are opened, heard, answered and ended', async () => {
  const [client, server] = duplexPair()
  const session = new SpdySession(server)
  const opened: SpdyStream[] = []
  const heard: string[] = []
  session.onStream = stream => {
    opened.push(stream)
    stream.onData = bytes => heard.push(bytes.toString())
    stream.onEnd = () => heard.push('end')
  }
  const answers: Buffer[] = []
  client.on('data', bytes => answers.push(bytes))
  const write = headerWriter()
  const rest = (id: number) => Buffer.concat([number(id), number(0), Buffer.alloc(2)])
  const first = frame([1], 0, Buffer.concat([rest(1), await write({ streamtype: 'error', port: '80' })]))
  // Frames come in pieces as they please.
  client.write(first.subarray(0, 11))
  client.write(first.subarray(11))
  client.write(frame([1], 0, Buffer.concat([rest(3), await write({ streamtype: 'data', port: '80' })])))
  client.write(Buffer.concat([frame({ stream: 3 }, 0, Buffer.from('hello')), frame({ stream: 3 }, 1, Buffer.alloc(0))]))
  await expect.poll(() => heard).toEqual(['hello', 'end'])
  expect(opened.map(({ headers }) => headers.get('streamtype'))).toEqual(['error', 'data'])
  opened[1]!.send(Buffer.from('world'))
  opened[1]!.end()
  const said = () => Buffer.concat(answers)
  await expect.poll(() => said().includes(frame({ stream: 3 }, 1, Buffer.alloc(0)))).toBe(true)
  expect(said().includes(frame({ stream: 3 }, 0, Buffer.from('world')))).toBe(true)
  // SYN_REPLY for the first stream stands before all else.
  expect(said().subarray(0, 4).toString('hex')).toBe('80030002')
  expect(said().readUInt32BE(8)).toBe(1)
})

test('a ping comes back as it was', async () => {
  const [client, server] = duplexPair()
  new SpdySession(server)
  const ping = frame([6], 0, number(7))
  const answer = new Promise<Buffer>(resolve => client.on('data', resolve))
  client.write(ping)
  expect(await answer).toEqual(ping)
})
