import { linesIn, openInputs, readAll, reportFile } from '../inputs.ts'
import { readDocuments } from '../jq/documents.ts'
import { formatJson, type JsonStyle } from '../jq/format.ts'
import { runFilter } from '../jq/interpreter.ts'
import { parseFilter } from '../jq/parser.ts'
import { type Filter, JqError, JqSyntaxError, type Json } from '../jq/syntax.ts'
import { isTrue } from '../jq/value.ts'
import { defineProgram } from '../options.ts'

/** Takes JSON apart and puts it together anew. */
export const jq = defineProgram({
  name: 'jq',
  summary: 'commandline JSON processor',
  usage: '[OPTIONS] FILTER [FILES...]',
  options: [
    { short: 'c', long: 'compact-output', help: 'compact instead of pretty-printed output' },
    { short: 'r', long: 'raw-output', help: 'output strings without escapes and quotes' },
    { short: 'j', long: 'join-output', help: 'implies -r and output without newline after each output' },
    { short: 'a', long: 'ascii-output', help: 'output strings by only ASCII characters using escape sequences' },
    { short: 'S', long: 'sort-keys', help: 'sort keys of each object on output' },
    { short: 'C', long: 'color-output', help: 'colorize JSON output' },
    { short: 'M', long: 'monochrome-output', help: 'disable colored output' },
    { short: 'n', long: 'null-input', help: 'use `null` as the single input value' },
    { short: 'R', long: 'raw-input', help: 'read each line as string instead of JSON' },
    { short: 's', long: 'slurp', help: 'read all inputs into an array and use it as the single input value' },
    { short: 'e', long: 'exit-status', help: 'set exit status code based on the output' },
    { long: 'tab', help: 'use tabs for indentation' },
    { long: 'indent', value: 'n', help: 'use n spaces for indentation (max 7 spaces)' },
    { long: 'arg', value: 'name', help: 'set $name to the string value' },
    { long: 'argjson', value: 'name', help: 'set $name to the JSON value' },
    { short: 'f', long: 'from-file', value: 'FILE', help: 'load filter from the file' },
  ],
  async run(process, args) {
    const operands = [...args.operands]
    const variables = new Map<string, Json>([['ENV', Object.fromEntries(process.env)]])
    for (const { name, value } of args.given)
      if (name === 'arg' || name === 'argjson') {
        const given = operands.shift() ?? ''
        variables.set(value!, name === 'arg' ? given : (JSON.parse(given) as Json))
      }
    const file = args.get('from-file')
    const source = file === undefined ? operands.shift() : process.files.readText(process.path(file))
    if (source === undefined) return process.fail('no filter given', 2)
    let filter: Filter
    try {
      filter = parseFilter(source)
    } catch (error) {
      if (!(error instanceof JqSyntaxError)) throw error
      await process.stderr.write(
        `jq: error: ${error.message} (Unix shell quoting issues?) at <top-level>, line 1:\n${source}\njq: 1 compile error\n`,
      )
      return 3
    }
    const style: JsonStyle = {
      indent: args.has('compact-output') ? 0 : args.has('tab') ? '\t' : Number(args.get('indent') ?? 2),
      sortsKeys: args.has('sort-keys'),
      isAscii: args.has('ascii-output'),
    }
    const isRaw = args.has('raw-output') || args.has('join-output')
    const end = args.has('join-output') ? '' : '\n'
    let status = 0
    let last: Json | undefined
    const inputs: Json[] = []
    if (!args.has('null-input')) {
      for await (const { stream } of openInputs(process, operands, (error, name) => reportFile(process, error, name))) {
        const text = await readAll(stream)
        if (args.has('raw-input')) inputs.push(...(args.has('slurp') ? [text] : linesIn(text)))
        else {
          const { documents, error } = readDocuments(text)
          inputs.push(...documents)
          if (error) {
            await process.stderr.write(`jq: error (at <stdin>:${error.line}): ${error.message}\n`)
            status = 2
          }
        }
      }
    }
    const all = args.has('null-input') ? [null] : args.has('slurp') && !args.has('raw-input') ? [inputs] : inputs
    for (const input of all) {
      try {
        for (const output of runFilter(filter, input, variables)) {
          last = output
          await process.write((isRaw && typeof output === 'string' ? output : formatJson(output, style)) + end)
        }
      } catch (error) {
        if (error instanceof JqSyntaxError) {
          await process.stderr.write(
            `jq: error: ${error.message} at <top-level>, line 1:\n${source}\njq: 1 compile error\n`,
          )
          return 3
        }
        if (!(error instanceof JqError)) throw error
        await process.stderr.write(`jq: error (at <stdin>:0): ${error.message}\n`)
        status = 5
      }
    }
    if (status === 0 && args.has('exit-status')) return last === undefined ? 4 : isTrue(last) ? 0 : 1
    return status
  },
})
