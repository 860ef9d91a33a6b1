import { AwkInterpreter } from '../awk/interpreter.ts'
import { withoutEscapes } from '../awk/lexer.ts'
import { parseAwk } from '../awk/parser.ts'
import { ProcessWorld } from '../awk/processWorld.ts'
import { type AwkProgram, AwkRuntimeError, AwkSyntaxError } from '../awk/syntax.ts'
import { inputValue } from '../awk/value.ts'
import { readInput } from '../inputs.ts'
import { defineProgram } from '../options.ts'
import type { Process } from '../program.ts'

/** Finds records and works on their fields. */
export const awk = defineProgram({
  name: 'awk',
  summary: 'pattern scanning and text processing language',
  usage: "[-F value] [-v var=value] [--] 'program text' [file ...]",
  options: [
    { short: 'F', value: 'VALUE', help: 'sets the field separator' },
    { short: 'v', value: 'VAR=VALUE', help: 'assigns VALUE to the variable VAR' },
    { short: 'f', value: 'FILE', help: 'reads the program text from FILE' },
  ],
  usageStatus: 2,
  usageHint: 'help',
  busybox: { usage: '[OPTIONS] [AWK_PROGRAM] [FILE]...', options: 'Fvf' },
  async run(process, args) {
    const operands = [...args.operands]
    let source = ''
    for (const file of args.all('f')) source += `${await readInput(process, file)}\n`
    if (!args.has('f')) {
      const text = operands.shift()
      if (text === undefined) throw args.misuse('')
      source = text
    }
    const program = await parse(process, source)
    if (!program) return 2
    const world = new ProcessWorld(
      process,
      operands,
      (name, value) => interpreter.set(name, inputValue(withoutEscapes(value))),
      name => {
        interpreter.set('FILENAME', name)
        interpreter.set('FNR', 0)
      },
    )
    const interpreter: AwkInterpreter = new AwkInterpreter(program, world)
    const separator = args.get('F')
    if (separator !== undefined) interpreter.set('FS', separator === 't' ? '\t' : withoutEscapes(separator))
    for (const setting of args.all('v')) {
      const at = setting.indexOf('=')
      interpreter.set(setting.slice(0, at), inputValue(withoutEscapes(setting.slice(at + 1))))
    }
    const words = ['awk', ...operands]
    interpreter.set('ARGC', words.length)
    words.forEach((word, index) => {
      interpreter.array('ARGV').set(String(index), inputValue(word))
    })
    for (const [name, value] of process.env) interpreter.array('ENVIRON').set(name, inputValue(value))
    try {
      const status = await interpreter.run()
      await world.finish()
      return status || (world.failed ? 2 : 0)
    } catch (error) {
      if (!(error instanceof AwkRuntimeError)) throw error
      return process.fail(`run time error: ${error.message}`, 2)
    }
  },
})

async function parse(process: Process, source: string): Promise<AwkProgram | undefined> {
  try {
    return parseAwk(source)
  } catch (error) {
    if (!(error instanceof AwkSyntaxError)) throw error
    const place = process.flavour === 'busybox' ? 'cmd. line:' : 'line '
    await process.fail(`${place}${error.line}: ${error.message}`, 2)
    return undefined
  }
}
