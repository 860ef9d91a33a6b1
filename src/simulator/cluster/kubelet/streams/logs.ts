import { bytesOf, textOf } from '../../../machine/bytes.ts'
import type { LogRequest } from '../../client.ts'
import type { ContainerLog, LogLine } from '../containerLog.ts'
import { Channel } from './channel.ts'

/** The log of a container as a request asks for it, to its end or for as long as there is more. */
export function streamLog(log: ContainerLog, request: LogRequest, now: number): Channel {
  let left = request.limitBytes ?? Number.POSITIVE_INFINITY
  const first = request.tailLines === undefined ? 0 : Math.max(0, log.lines.length - request.tailLines)
  const since =
    request.sinceTime !== undefined
      ? Date.parse(request.sinceTime)
      : request.sinceSeconds !== undefined
        ? now - request.sinceSeconds * 1000
        : Number.NEGATIVE_INFINITY
  let next = log.dropped + first
  const send = () => {
    let text = ''
    for (; next < log.dropped + log.lines.length; next++) {
      const line = log.lines[Math.max(0, next - log.dropped)]!
      if (line.at >= since) text += formatLine(line, request.timestamps)
    }
    if (text === '') return
    const bytes = bytesOf(text)
    channel.emit(bytes.length <= left ? text : textOf(bytes.slice(0, left)))
    left -= bytes.length
    if (left <= 0) stop()
  }
  let forget = () => {}
  const stop = () => {
    forget()
    channel.end()
  }
  const channel = new Channel({ onClose: () => forget() })
  send()
  if (!request.follow || log.isClosed) stop()
  else if (left > 0)
    forget = log.onChange(() => {
      send()
      if (log.isClosed) stop()
    })
  return channel
}

function formatLine({ at, text, isPartial }: LogLine, hasTimestamp: boolean): string {
  const stamp = hasTimestamp ? `${new Date(at).toISOString().replace('Z', '000000Z')} ` : ''
  return `${stamp}${text}${isPartial ? '' : '\n'}`
}
