import type { Process } from './program.ts'

/** Asks on stderr and reads the answer from stdin: true for a line that begins with y. */
export async function isConfirmed(process: Process, question: string): Promise<boolean> {
  await process.stderr.write(question)
  let answer = ''
  for (let piece = await process.stdin.read(); piece !== undefined; piece = await process.stdin.read()) {
    const end = piece.indexOf('\n')
    if (end >= 0) {
      if (end + 1 < piece.length) process.stdin.unread(piece.slice(end + 1))
      answer += piece.slice(0, end)
      break
    }
    answer += piece
  }
  return /^y/i.test(answer)
}
