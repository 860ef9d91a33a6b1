import { formatJsonLine } from '../../cluster/api/goJson.ts'
import { type JsonPath, JsonPathError, parseJsonPath } from '../../cluster/api/jsonPath.ts'
import type { Process } from '../../machine/program.ts'
import { Failure } from '../failure.ts'
import { type AnyObject, isList } from '../server/object.ts'
import { kindName, splitApiVersion } from '../server/resource.ts'
import { type GoTemplate, parseGoTemplate } from './goTemplate.ts'
import { GoTemplateError } from './goTemplateSyntax.ts'
import { formatJson, goSyntax, sorted } from './json.ts'
import { formatKyaml } from './kyaml.ts'
import { documentSeparator, formatYaml } from './yaml.ts'

/** The values of the flags that choose a printer. */
export interface OutputFlags {
  readonly output: string
  readonly template: string
  readonly 'allow-missing-template-keys': boolean
  readonly 'show-managed-fields': boolean
}

/** Turns objects into text, one after the other. */
export interface ObjectPrinter {
  /** Throws a `Failure` when a template does not fit; what was printed before is in `partial`. */
  print(object: AnyObject): string
}

/** What printers do beyond the flags. */
export interface PrinterTraits {
  /** What has been done, for the line `pod/web created`; the printer without `-o`. */
  readonly operation?: string
  /** Whether keys keep the order of Go's types, as objects that kubectl itself makes do. */
  readonly isTyped?: boolean
  /** Formats that the verb prints by itself, for the list in messages. */
  readonly otherFormats?: readonly string[]
}

const templateFormats = [
  'go-template',
  'go-template-file',
  'template',
  'templatefile',
  'jsonpath',
  'jsonpath-as-json',
  'jsonpath-file',
]
const formats = [...templateFormats, 'json', 'kyaml', 'name', 'yaml']

/** The printer that `-o` and `--template` ask for. */
export function printerFor(process: Process, flags: OutputFlags, traits: PrinterTraits = {}): ObjectPrinter {
  const { format, argument } = splitFormat(flags)
  const prepare = (object: AnyObject) => {
    const shown = flags['show-managed-fields'] ? object : withoutManagedFields(object)
    return traits.isTyped ? shown : (sorted(shown) as AnyObject)
  }
  const simple = simplePrinter(format, traits, prepare)
  if (simple) return simple
  if (!templateFormats.includes(format)) {
    const allowed = [...formats, ...(traits.otherFormats ?? [])].sort()
    throw new Failure(
      `unable to match a printer suitable for the output format ${JSON.stringify(flags.output)}, allowed formats are: ${allowed.join(',')}`,
    )
  }
  const template = readTemplate(process, format, argument || flags.template)
  const printer = format.startsWith('jsonpath')
    ? jsonPathPrinter(template, flags['allow-missing-template-keys'], format === 'jsonpath-as-json')
    : templatePrinter(template, flags['allow-missing-template-keys'])
  // Templates see the whole object, managed fields too.
  return { print: object => printer(traits.isTyped ? object : (sorted(object) as AnyObject)) }
}

/** `jsonpath={.x}` is the format and its template; `--template` alone means a Go template. */
function splitFormat({ output, template }: OutputFlags): { format: string; argument: string } {
  if (output === '' && template !== '') return { format: 'go-template', argument: template }
  const known = templateFormats.find(each => output.startsWith(`${each}=`))
  return known ? { format: known, argument: output.slice(known.length + 1) } : { format: output, argument: '' }
}

function simplePrinter(
  format: string,
  { operation = '' }: PrinterTraits,
  prepare: (object: AnyObject) => AnyObject,
): ObjectPrinter | undefined {
  let count = 0
  switch (format) {
    case '':
      return { print: object => nameLines(object, operation) }
    case 'name':
      return { print: object => nameLines(object, '') }
    case 'json':
      return { print: object => formatJson(prepare(object)) }
    case 'kyaml':
      return { print: object => formatKyaml(prepare(object)) }
    case 'yaml':
      return { print: object => (count++ > 0 ? documentSeparator : '') + formatYaml(prepare(object)) }
    default:
      return undefined
  }
}

/** `deployment.apps/web created`, a line for each object. */
export function nameLines(object: AnyObject, operation: string): string {
  if (isList(object)) return object.items.map(item => nameLines(item, operation)).join('')
  const { group } = splitApiVersion(object.apiVersion ?? '')
  const name = `${kindName({ group, kind: object.kind ?? '' })}/${object.metadata?.name || '<unknown>'}`
  return `${name}${operation ? ` ${operation}` : ''}\n`
}

function readTemplate(process: Process, format: string, argument: string): string {
  if (argument === '') throw new Failure('template format specified but no template given')
  if (!/file$/.test(format)) return argument
  const path = process.path(argument)
  if (!process.files.exists(path)) {
    throw new Failure(`error reading --template ${argument}, open ${argument}: no such file or directory`)
  }
  return process.files.readText(path)
}

function jsonPathPrinter(template: string, allowMissing: boolean, asJson: boolean): (object: AnyObject) => string {
  let path: JsonPath
  try {
    path = parseJsonPath(template, allowMissing)
  } catch (error) {
    throw failureOf(error, reason => `error parsing jsonpath ${template}, ${reason}`)
  }
  return object => {
    try {
      return asJson ? path.find(object).map(formatJson).join('') : path.format(object)
    } catch (error) {
      throw failureOf(
        error,
        reason => `error executing jsonpath ${JSON.stringify(template)}: Error executing template: ${reason}. Printing more information for debugging the template:
\ttemplate was:
\t\t${template}
\tobject given to jsonpath engine was:
\t\t${goSyntax(object)}\n\n\n`,
      )
    }
  }
}

function templatePrinter(text: string, allowMissing: boolean): (object: AnyObject) => string {
  let template: GoTemplate
  try {
    template = parseGoTemplate(text, { name: 'output', allowMissing })
  } catch (error) {
    throw failureOf(error, reason => `error parsing template ${text}, ${reason}`)
  }
  return object => {
    try {
      return template.format(object)
    } catch (error) {
      throw failureOf(error, reason => `error executing template ${JSON.stringify(text)}: ${reason}`)
    }
  }
}

function failureOf(error: unknown, wording: (reason: string) => string): unknown {
  return error instanceof JsonPathError || error instanceof GoTemplateError
    ? new Failure(wording(error.message))
    : error
}

/** An object without the record of who owns which field. */
export function withoutManagedFields(object: AnyObject): AnyObject {
  if (isList(object)) return { ...object, items: object.items.map(withoutManagedFields) } as unknown as AnyObject
  if (object.metadata?.managedFields === undefined) return object
  const { managedFields: _, ...metadata } = object.metadata
  return { ...object, metadata }
}

/** An object in one line of JSON, as it stands in annotations. */
export function compactJson(object: unknown): string {
  return formatJsonLine(sorted(object))
}
