import { Failure } from '../failure.ts'
import type { Invocation } from '../invocation.ts'
import { parseYaml } from '../yaml/parser.ts'

/** Sends a file as it is to a path of the API and prints the answer. */
export async function sendRaw(
  { api, process }: Invocation,
  method: 'POST' | 'PUT',
  path: string,
  filenames: readonly string[],
): Promise<void> {
  const [name, ...more] = filenames
  if (name === undefined || more.length > 0) throw new Failure('--raw can only use a single local file or stdin')
  const text = name === '-' ? await process.readAll() : process.files.readText(process.path(name))
  const { body } = await api.request(method, path, { body: parseYaml(text) })
  await process.write(typeof body === 'string' ? body : `${JSON.stringify(body)}\n`)
}
