import { SocketError } from '../../../network/socketError.ts'
import { ByteDecoder, bytesOf } from '../../bytes.ts'
import type { Process } from '../../program.ts'
import { PatienceOver } from '../../socketFailure.ts'
import type { TcpStream } from '../../tcp.ts'

/** What happens when stdin is at its end. */
export interface AtEnd {
  /** Tells the other side. */
  readonly finishes: boolean
  /** Leaves after so many milliseconds; undefined waits for the other side. */
  readonly leavesAfter: number | undefined
}

/** Carries stdin to a connection and the connection to stdout, until the other side finishes. */
export async function relay(process: Process, stream: TcpStream, atEnd: AtEnd): Promise<void> {
  process.thread(async () => {
    try {
      for (let text = await process.stdin.read(); text !== undefined; text = await process.stdin.read())
        await stream.write(bytesOf(text))
      if (atEnd.finishes) stream.end()
      if (atEnd.leavesAfter === undefined) return
      await process.sleep(atEnd.leavesAfter)
      stream.close()
    } catch (error) {
      if (!(error instanceof SocketError)) throw error
    }
  })
  const decoder = new ByteDecoder()
  try {
    for (let bytes = await stream.read(); bytes; bytes = await stream.read()) await process.write(decoder.push(bytes))
  } catch (error) {
    if (!(error instanceof SocketError || error instanceof PatienceOver)) throw error
  }
  const rest = decoder.end()
  if (rest !== '') await process.write(rest)
  stream.close()
}
