import { graphemesOf } from '../characterWidth.ts'
import type { FileError } from '../fileError.ts'
import { fileComplaint, lineBatches, openInputs } from '../inputs.ts'
import { defineProgram } from '../options.ts'

/** Turns each line round. */
export const rev = defineProgram({
  name: 'rev',
  summary: 'reverse lines characterwise',
  package: 'util-linux 2.38.1',
  usage: '[options] [file ...]',
  options: [],
  busybox: { usage: '[FILE]...' },
  async run(process, args) {
    let status = 0
    const report = async (error: FileError, name: string) => {
      const isBusybox = process.flavour === 'busybox'
      status = await process.fail(
        isBusybox ? fileComplaint(process, error, name) : `cannot open ${name}: ${error.text}`,
      )
    }
    for await (const { stream } of openInputs(process, args.operands, report)) {
      for await (const { lines, isTerminated } of lineBatches(stream)) {
        const turned = lines.map(line => graphemesOf(line).reverse().join(''))
        await process.write(turned.join('\n') + (isTerminated ? '\n' : ''))
      }
    }
    return status
  },
})
