import type { Event } from 'kubernetes-types/core/v1'
import { defineCommand } from '../command.ts'
import { ageOf, lastTimeOf } from '../describe/events.ts'
import { Failure } from '../failure.ts'
import { boolean, list, text } from '../flags/flag.ts'
import { outputFlags } from '../flags/printing.ts'
import { allNamespaces, chunkSize } from '../flags/selecting.ts'
import type { Invocation } from '../invocation.ts'
import { type ObjectPrinter, printerFor } from '../output/printer.ts'
import { alignTable } from '../output/table.ts'
import { type AnyObject, isList } from '../server/object.ts'
import { pathOf } from '../server/resource.ts'

const flags = {
  ...outputFlags,
  'all-namespaces': allNamespaces,
  'chunk-size': chunkSize,
  for: text('Filter events to only those pertaining to the specified resource.'),
  'no-headers': boolean("When using the default output format, don't print headers."),
  types: list('Output only events of given types.'),
  watch: boolean('After listing the requested events, watch for more events.', false, { short: 'w' }),
}

/** `kubectl events`: list events. */
export const events = defineCommand({
  name: 'events',
  summary: 'List events',
  description: `Display events.

 Prints a table of the most important information about events. You can request events for a namespace, for all namespace, or filtered to only those pertaining to a specified resource.`,
  examples: `  # List recent events in the default namespace
  kubectl events

  # List recent events in all namespaces
  kubectl events --all-namespaces

  # List recent events for the specified pod, then wait for more events and list them as they arrive
  kubectl events --for pod/web-pod-13je7 --watch

  # List recent events in YAML format
  kubectl events -oyaml

  # List recent only events of type 'Warning' or 'Normal'
  kubectl events --types=Warning,Normal`,
  usage:
    '[(-o|--output=)json|yaml|kyaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file] [--for TYPE/NAME] [--watch] [--types=Normal,Warning]',
  flags,
  async run(invocation) {
    const { flags, api } = invocation
    const wrongType = flags.types.find(type => !/^(normal|warning)$/i.test(type))
    if (wrongType !== undefined) throw new Failure('valid --types are Normal or Warning')
    const fieldSelector = await selectorFor(invocation)
    const resource = (await invocation.resources()).named('events')
    const namespace = flags['all-namespaces'] ? undefined : invocation.namespace
    const printer = flags.output || flags.template ? printerFor(invocation.process, flags) : tablePrinter(invocation)
    const isWanted = (type: unknown) =>
      flags.types.length === 0 || flags.types.some(wanted => wanted.toLowerCase() === String(type).toLowerCase())
    if (flags.watch) {
      const watch = await api.watch(pathOf(resource, namespace), { query: { fieldSelector } })
      for await (const event of watch.changes(api.requestTimeout)) {
        if (!/^(ADDED|MODIFIED)$/.test(event.type) || !isWanted(event.object['type'])) continue
        await invocation.print(printer.print(event.object))
      }
      return
    }
    const list = await api.list(resource, namespace, { fieldSelector, limit: '500' })
    const items = list.items.filter(event => isWanted(event['type']))
    if (items.length === 0) {
      const place = namespace === undefined ? '' : ` in ${namespace} namespace`
      await invocation.warn(`No events found${place}.`)
      return
    }
    items.sort((a, b) => lastTimeOf(a as unknown as Event) - lastTimeOf(b as unknown as Event))
    await invocation.print(printer.print({ ...list, items } as unknown as AnyObject))
  },
})

type Events = Invocation<typeof flags>

/** What `--for` means, as a field selector. */
async function selectorFor(invocation: Events): Promise<string | undefined> {
  const { for: object } = invocation.flags
  if (!object) return undefined
  const [type = '', name = '', ...more] = object.split('/')
  if (!object.includes('/')) throw new Failure('--for must be in resource/name form')
  if (more.length > 0) throw new Failure('arguments in resource/name form may not have more than one slash')
  if (!type || !name || type.includes(',')) {
    throw new Failure('arguments in resource/name form must have a single resource and name')
  }
  const { kind } = (await invocation.resources()).named(type)
  return `involvedObject.kind=${kind},involvedObject.name=${name}`
}

/** Prints events as rows; the header comes once, and columns stay as wide as they have been. */
function tablePrinter(invocation: Events): ObjectPrinter {
  const { flags } = invocation
  const widths: number[] = []
  let hasHeader = flags['no-headers']
  const namespace = (text: string) => (flags['all-namespaces'] ? [text] : [])
  return {
    print(object) {
      const events = (isList(object) ? object.items : [object]) as unknown as Event[]
      const rows = events.map(event => {
        const { type = '', reason = '', involvedObject, message = '', metadata } = event
        const about = `${involvedObject.kind}/${involvedObject.name}`
        return [
          ...namespace(metadata.namespace ?? ''),
          ageOf(event, invocation.now),
          type,
          reason,
          about,
          message.trim(),
        ]
      })
      if (!hasHeader) rows.unshift([...namespace('NAMESPACE'), 'LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE'])
      hasHeader = true
      return alignTable(rows.map(cells => `${cells.join('\t')}\n`).join(''), widths)
    },
  }
}
