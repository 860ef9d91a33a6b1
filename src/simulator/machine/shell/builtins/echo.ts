import { echoEscapes, echoOptions } from '../../printf.ts'
import type { Builtin } from '../builtin.ts'

/** `echo`. */
export const echo: Builtin = {
  name: 'echo',
  usage: '[-neE] [arg ...]',
  summary: 'Write arguments to the standard output.',
  async run(shell, args) {
    const isDash = shell.dialect === 'dash'
    const { hasNewline, interprets, rest } = isDash ? dashOptions(args) : echoOptions(args)
    const text = rest.join(' ')
    const plain = { text, isOver: false }
    const decoded = interprets || shell.shellOptions.has('xpg_echo') ? echoEscapes(text) : plain
    await shell.process.write(decoded.text + (hasNewline && !decoded.isOver ? '\n' : ''))
    return 0
  },
}

/** dash knows `-n` alone, and always interprets backslashes. */
function dashOptions(args: readonly string[]): ReturnType<typeof echoOptions> {
  const hasNewline = args[0] !== '-n'
  return { hasNewline, interprets: true, rest: hasNewline ? args : args.slice(1) }
}
