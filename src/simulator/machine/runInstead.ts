import { FileError } from './fileError.ts'
import type { Process } from './program.ts'
import { quoted } from './quoting.ts'

/** Becomes another program, as `env`, `nice` and `nohup` do at their end; says why when that fails. */
export async function runInstead(
  process: Process,
  argv: readonly string[],
  {
    env = process.env,
    isNamed = false,
  }: {
    readonly env?: ReadonlyMap<string, string>
    /** Whether the message says that it is a command that failed. */
    readonly isNamed?: boolean
  } = {},
): Promise<number> {
  try {
    return await process.replace(argv, new Map(env))
  } catch (error) {
    if (!(error instanceof FileError)) throw error
    const [message, status] = runFailure(process, argv[0] ?? '', error)
    const isWordy = isNamed && process.flavour === 'gnu'
    return process.fail(isWordy ? `failed to run command ${message.replace(/[‘’]/g, "'")}` : message, status)
  }
}

/** What programs that run commands say when they cannot, and their exit status. */
export function runFailure(process: Process, name: string, error: FileError): [message: string, status: number] {
  const words = process.flavour === 'busybox' ? `can't execute '${name}'` : quoted(process, name)
  // The kernel says EACCES for a directory: execve(2).
  const text = error.code === 'EISDIR' ? 'Permission denied' : error.text
  return [`${words}: ${text}`, error.code === 'ENOENT' ? 127 : 126]
}
