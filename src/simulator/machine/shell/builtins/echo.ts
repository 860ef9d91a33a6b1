import type { Builtin } from '../builtin.ts'
import { decodeEscapes } from '../escapes.ts'

/** `echo`. */
export const echo: Builtin = {
  name: 'echo',
  usage: '[-neE] [arg ...]',
  summary: 'Write arguments to the standard output.',
  async run(shell, args) {
    const isDash = shell.dialect === 'dash'
    let decodes = isDash || shell.shellOptions.has('xpg_echo')
    let endsLine = true
    let first = 0
    const flags = isDash ? /^-n$/ : /^-[neE]+$/
    for (; first < args.length && flags.test(args[first]!); first++) {
      for (const letter of args[first]!.slice(1)) {
        if (letter === 'n') endsLine = false
        else decodes = letter === 'e'
      }
    }
    const text = args.slice(first).join(' ')
    const decoded = decodes ? decodeEscapes(text, 'echo') : { text, isCut: false }
    await shell.process.write(decoded.text + (endsLine && !decoded.isCut ? '\n' : ''))
    return 0
  },
}
