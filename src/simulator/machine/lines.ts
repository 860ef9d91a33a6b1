import type { Readable } from './program.ts'

/** The lines of a stream as they come, each with its newline where it has one. */
export async function* linesOf(from: Readable): AsyncIterable<string> {
  let rest = ''
  for (let piece = await from.read(); piece !== undefined; piece = await from.read()) {
    rest = rest === '' ? piece : rest + piece
    let start = 0
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n', start)) {
      const line = rest.slice(start, end + 1)
      start = end + 1
      yield line
    }
    rest = rest.slice(start)
  }
  if (rest !== '') yield rest
}
