import type { Status } from '../../cluster/api/status.ts'
import type { ApiStream } from '../../cluster/client.ts'
import { FileError } from '../../machine/fileError.ts'
import type { Process } from '../../machine/program.ts'
import { rawMode } from '../../machine/terminal.ts'
import { Failure, PlainFailure } from '../failure.ts'

/** Which of the process' own streams take part in a session with a container. */
export interface RemoteStreams {
  readonly stdin: boolean
  readonly tty: boolean
}

/** Joins a process' terminal or pipes to a session in a container until it ends; what ended it is thrown or returned. */
export async function joinStreams(process: Process, stream: ApiStream, streams: RemoteStreams): Promise<number> {
  const terminal = streams.tty ? process.stdin.terminal : undefined
  const before = terminal?.mode
  if (terminal) {
    terminal.setMode(rawMode)
    const tellSize = () => stream.resize?.(terminal.columns, terminal.rows)
    tellSize()
    process.onSignal('SIGWINCH', tellSize)
  }
  const forget = process.onExit(() => stream.close())
  try {
    if (streams.stdin) process.thread(() => passInput(process, stream))
    const failure = sessionFailure(await output(process, stream))
    if (failure) throw failure
    return 0
  } finally {
    forget()
    if (terminal && before) terminal.setMode(before)
  }
}

async function passInput(process: Process, stream: ApiStream): Promise<void> {
  try {
    for (;;) {
      const piece = await process.stdin.read()
      stream.send(piece, 0)
      if (piece === undefined) return
    }
  } catch (error) {
    // The session is over and stdin is closed under the reader.
    if (!(error instanceof FileError)) throw error
  }
}

/** Writes what comes from the container, in order, until the end; gives what the server says about it. */
async function output(process: Process, stream: ApiStream): Promise<unknown> {
  const waiting: { readonly data: unknown; readonly channel: number }[] = []
  let end: { readonly status: unknown } | undefined
  let wake: (() => void) | undefined
  stream.onData((data, channel) => {
    waiting.push({ data, channel })
    wake?.()
  })
  stream.onEnd(status => {
    end = { status }
    wake?.()
  })
  for (;;) {
    const next = waiting.shift()
    if (next?.channel === 1) await process.write(String(next.data))
    else if (next?.channel === 2) await process.stderr.write(String(next.data))
    else if (!next && end) return end.status
    else if (!next)
      await process.wait<void>(go => {
        wake = () => go()
      })
  }
}

/** The failure that the end of a session means, if any. */
export function sessionFailure(result: unknown): Failure | undefined {
  const status = result as Status | undefined
  if (!status || status.status === 'Success') return undefined
  // The API server takes web sockets from kubectl and speaks SPDY to the kubelet. What fails behind it is an internal
  // error once more (StreamTranslatorHandler in k8s.io/apiserver/pkg/util/proxy), which is said here for it.
  if (status.reason !== 'NonZeroExitCode') return new Failure(`Internal error occurred: ${status.message ?? 'unknown'}`)
  const code = Number(status.details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message ?? 1)
  return new PlainFailure(`command terminated with exit code ${code}`, code)
}
