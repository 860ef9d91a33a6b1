import type { ApiStream } from '../../cluster/client.ts'
import type { Process } from '../../machine/program.ts'

/** What a stream brings on its first channel, piece by piece, until its end. */
export async function* readText(process: Process, stream: ApiStream): AsyncIterable<string> {
  const waiting: string[] = []
  let isOver = false
  let wake: (() => void) | undefined
  stream.onData(data => {
    waiting.push(typeof data === 'string' ? data : `${JSON.stringify(data)}\n`)
    wake?.()
  })
  stream.onEnd(() => {
    isOver = true
    wake?.()
  })
  const forget = process.onExit(() => stream.close())
  try {
    for (;;) {
      const piece = waiting.shift()
      if (piece !== undefined) yield piece
      else if (isOver) return
      else
        await process.wait<void>(go => {
          wake = () => go()
        })
    }
  } finally {
    forget()
  }
}
