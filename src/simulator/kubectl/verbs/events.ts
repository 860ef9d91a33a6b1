import { defineCommand } from '../command.ts'
import { outputFlags } from '../flags/printing.ts'
import { allNamespaces, chunkSize } from '../flags/selecting.ts'
import { boolean, list, text } from '../flags/flag.ts'

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
  usage: '[(-o|--output=)json|yaml|kyaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file] [--for TYPE/NAME] [--watch] [--types=Normal,Warning]',
  flags,
})
