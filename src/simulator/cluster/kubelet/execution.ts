import { FileError } from '../../machine/fileError.ts'
import type { Process } from '../../machine/program.ts'
import { type Descriptor, Pipe, TextSink, TextSource } from '../../machine/streams.ts'
import { Terminal } from '../../machine/terminal.ts'
import { type Container, refusalOf } from './container.ts'

/** How a further program is run in a container. */
export interface ExecutionOptions {
  readonly hasStdin?: boolean
  readonly hasTerminal?: boolean
  onOutput(text: string, stream: 'stdout' | 'stderr'): void
  onExit(status: number): void
}

/** A further program in a container. */
export interface Execution {
  readonly process: Process
  readonly stdin: Pipe | undefined
  readonly terminal: Terminal | undefined
}

/** Starts a program beside the container's own; gives runc's words when it cannot. */
export function runInContainer(
  container: Container,
  argv: readonly string[],
  options: ExecutionOptions,
): Execution | string {
  const { machine, environment, workingDirectory, user } = container.settings
  const refusal = refusalOf(machine, argv, environment, workingDirectory)
  if (refusal !== undefined) return `OCI runtime exec failed: exec failed: ${refusal}`
  const { kernel } = machine
  const terminal = options.hasTerminal ? new Terminal(kernel, { columns: 80, rows: 24 }) : undefined
  terminal?.onOutput(text => options.onOutput(text, 'stdout'))
  const stdin = options.hasStdin && !terminal ? new Pipe(kernel) : undefined
  const descriptors: [number, Descriptor][] = terminal
    ? [0, 1, 2].map(number => [number, terminal])
    : [
        [0, stdin?.reader ?? new TextSource('')],
        [1, new TextSink(text => options.onOutput(text, 'stdout'))],
        [2, new TextSink(text => options.onOutput(text, 'stderr'))],
      ]
  const env = terminal ? new Map([...environment, ['TERM', 'xterm']]) : environment
  try {
    const process = machine.start({
      argv,
      env,
      cwd: workingDirectory,
      user,
      group: 'new',
      terminal: terminal ?? null,
      descriptors: new Map(descriptors),
    })
    process.onExit(() => options.onExit(process.status ?? 0))
    return { process, stdin, terminal }
  } catch (error) {
    if (!(error instanceof FileError)) throw error
    return `OCI runtime exec failed: exec failed: unable to start container process: exec /${argv[0]}: ${error.text.toLowerCase()}: unknown`
  }
}
