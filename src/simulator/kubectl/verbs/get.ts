import { defineCommand } from '../command.ts'
import { Failure, Failures } from '../failure.ts'
import { fileFlags } from '../flags/files.ts'
import { boolean, list, text } from '../flags/flag.ts'
import { noHeaders, tableOutput, templateFlags } from '../flags/printing.ts'
import { allNamespaces, chunkSize, fieldSelector, selector } from '../flags/selecting.ts'
import type { Invocation } from '../invocation.ts'
import { follow, tableShow } from '../listing/following.ts'
import { sortedBy } from '../listing/sort.ts'
import { type ListingOptions, printTables } from '../listing/tables.ts'
import { Selection, type SelectionRequest } from '../objects/selection.ts'
import { columnsPrinter } from '../output/customColumns.ts'
import { type ObjectPrinter, printerFor } from '../output/printer.ts'
import type { AnyObject } from '../server/object.ts'

const flags = {
  ...templateFlags,
  output: tableOutput,
  'no-headers': noHeaders,
  ...fileFlags(),
  selector,
  'field-selector': fieldSelector,
  'all-namespaces': allNamespaces,
  'chunk-size': chunkSize,
  'ignore-not-found': boolean(
    'If set to true, suppresses NotFound error for specific objects that do not exist. Using this flag with commands that query for collections of resources has no effect when no resources are found.',
  ),
  'label-columns': list(
    'Accepts a comma separated list of labels that are going to be presented as columns. Names are case-sensitive. You can also use multiple flag options like -L label1 -L label2...',
    [],
    { short: 'L' },
  ),
  'output-watch-events': boolean(
    'Output watch event objects when --watch or --watch-only is used. Existing objects are output as initial ADDED events.',
  ),
  raw: text('Raw URI to request from the server.  Uses the transport specified by the kubeconfig file.'),
  'server-print': boolean(
    'If true, have the server return the appropriate table output. Supports extension APIs and CRDs.',
    true,
  ),
  'show-kind': boolean('If present, list the resource type for the requested object(s).'),
  'show-labels': boolean('When printing, show all labels as the last column (default hide labels column)'),
  'sort-by': text(
    "If non-empty, sort list types using this field specification.  The field specification is expressed as a JSONPath expression (e.g. '{.metadata.name}'). The field in the API resource specified by this JSONPath expression must be an integer or a string.",
  ),
  subresource: text('If specified, gets the subresource of the requested object.'),
  watch: boolean('After listing/getting the requested object, watch for changes.', false, { short: 'w' }),
  'watch-only': boolean('Watch for changes to the requested object(s), without listing/getting first.'),
}

/** `kubectl get`: display one or many resources. */
export const get = defineCommand({
  name: 'get',
  summary: 'Display one or many resources',
  description: `Display one or many resources.

 Prints a table of the most important information about the specified resources. You can filter the list using a label selector and the --selector flag. If the desired resource type is namespaced you will only see results in the current namespace if you don't specify any namespace.

 By specifying the output as 'template' and providing a Go template as the value of the --template flag, you can filter the attributes of the fetched resources.

Use "kubectl api-resources" for a complete list of supported resources.`,
  examples: `  # List all pods in ps output format
  kubectl get pods

  # List all pods in ps output format with more information (such as node name)
  kubectl get pods -o wide

  # List a single replication controller with specified NAME in ps output format
  kubectl get replicationcontroller web

  # List deployments in JSON output format, in the "v1" version of the "apps" API group
  kubectl get deployments.v1.apps -o json

  # List a single pod in JSON output format
  kubectl get -o json pod web-pod-13je7

  # List a pod identified by type and name specified in "pod.yaml" in JSON output format
  kubectl get -f pod.yaml -o json

  # List resources from a directory with kustomization.yaml - e.g. dir/kustomization.yaml
  kubectl get -k dir/

  # Return only the phase value of the specified pod
  kubectl get -o template pod/web-pod-13je7 --template={{.status.phase}}

  # List resource information in custom columns
  kubectl get pod test-pod -o custom-columns=CONTAINER:.spec.containers[0].name,IMAGE:.spec.containers[0].image

  # List all replication controllers and services together in ps output format
  kubectl get rc,services

  # List one or more resources by their type and names
  kubectl get rc/web service/frontend pods/web-pod-13je7

  # List the 'status' subresource for a single pod
  kubectl get pod web-pod-13je7 --subresource status

  # List all deployments in namespace 'backend'
  kubectl get deployments.apps --namespace backend

  # List all pods existing in all namespaces
  kubectl get pods --all-namespaces`,
  usage:
    '[(-o|--output=)json|yaml|kyaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file|custom-columns|custom-columns-file|wide] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags]',
  flags,
  complete: 'resource',
  async run(invocation) {
    const { flags, args } = invocation
    if (flags.raw) return printRaw(invocation)
    const isWatch = flags.watch || flags['watch-only']
    if (flags['output-watch-events'] && !isWatch) {
      throw new Failure('--output-watch-events option can only be used with --watch or --watch-only')
    }
    if (args.length === 0 && flags.filename.length === 0 && !flags.kustomize) return refuse(invocation)
    const printer = printerOf(invocation)
    const selection = await Selection.of(invocation, { ...chosen(invocation), isOneType: isWatch })
    if (isWatch) {
      const show = printer
        ? (object: AnyObject, event: string | undefined) => printer.print(event ? watchEvent(object, event) : object)
        : tableShow(listingOptions(invocation), () => invocation.now)
      const following = {
        isWatchOnly: flags['watch-only'],
        showsEvents: flags['output-watch-events'],
        asksForTables: !printer,
        serverPrints: flags['server-print'],
        chunkSize: flags['chunk-size'],
      }
      await follow(invocation, selection, following, show)
    } else if (printer) await printObjects(invocation, selection, printer)
    else await printTables(invocation, selection, listingOptions(invocation))
    return 0
  },
})

type GetInvocation = Invocation<typeof flags>

async function refuse(invocation: GetInvocation): Promise<never> {
  await invocation.warn(
    'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n',
  )
  throw invocation.usageError(
    'Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).',
  )
}

function chosen({ flags, args }: GetInvocation): SelectionRequest {
  return {
    args,
    filenames: flags.filename,
    kustomize: flags.kustomize,
    isRecursive: flags.recursive,
    selector: flags.selector,
    fieldSelector: flags['field-selector'],
    isEveryNamespace: flags['all-namespaces'],
    mayBeType: true,
  }
}

/** The printer of objects; undefined where tables are wanted. */
function printerOf({ process, flags }: GetInvocation): ObjectPrinter | undefined {
  const [format = '', ...rest] = flags.output.split('=')
  if (/^custom-columns(-file)?$/.test(format)) {
    return columnsPrinter(process, format, rest.join('='), { hasHeaders: !flags['no-headers'] })
  }
  if (flags.output === 'wide' || (flags.output === '' && flags.template === '')) return undefined
  return printerFor(process, flags, { otherFormats: ['custom-columns', 'custom-columns-file', 'wide'] })
}

function listingOptions({ flags }: GetInvocation): ListingOptions {
  return {
    isWide: flags.output === 'wide',
    hasHeaders: !flags['no-headers'],
    showsLabels: flags['show-labels'],
    labelColumns: flags['label-columns'],
    isEveryNamespace: flags['all-namespaces'],
    showsKind: flags['show-kind'],
    sortBy: flags['sort-by'],
    serverPrints: flags['server-print'],
    ignoresNotFound: flags['ignore-not-found'],
    subresource: flags.subresource,
    chunkSize: flags['chunk-size'],
  }
}

/** Prints a single object as it is, and everything else as one list. */
async function printObjects(invocation: GetInvocation, selection: Selection, printer: ObjectPrinter): Promise<void> {
  const { flags } = invocation
  const { targets, errors } = await selection.settle(flags.subresource)
  const left = flags['ignore-not-found'] ? errors.filter(error => !/not found$/.test(error.message)) : errors
  if (targets.length === 0 && flags['ignore-not-found']) {
    if (left.length > 0) throw new Failures(left)
    return
  }
  if (selection.isSingle && errors.length > 0 && targets.length === 0) throw errors[0]!
  const objects = targets.map(({ object }) => object)
  if (selection.isSingle && objects.length === 1) {
    await invocation.print(printer.print(objects[0]!))
    return
  }
  const items = flags['sort-by'] ? sortedBy(objects, flags['sort-by'], object => object) : objects
  const list = { apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } }
  await invocation.print(printer.print(list as unknown as AnyObject))
  if (left.length === 1) throw left[0]!
  if (left.length > 1) throw new Failures(left)
}

function watchEvent(object: AnyObject, type: string): AnyObject {
  return { type, object } as unknown as AnyObject
}

async function printRaw(invocation: GetInvocation): Promise<number> {
  const { flags, args } = invocation
  if (args.length > 0) throw new Failure('arguments may not be passed when --raw is specified')
  if (flags.watch || flags['watch-only'] || flags.selector) {
    throw invocation.usageError(
      '--raw may not be specified with other flags that filter the server request or alter the output',
    )
  }
  if (!flags.raw.startsWith('/')) {
    throw new Failure(`--raw must be a valid URL path: parse ${JSON.stringify(flags.raw)}: invalid URI for request`)
  }
  invocation.config.check()
  let answer = await requestRaw(invocation, flags.raw)
  const moved = answer.status === 301 ? answer.headers['location'] : undefined
  if (moved !== undefined) answer = await requestRaw(invocation, moved)
  const { body } = answer
  await invocation.print(typeof body === 'string' ? body : `${JSON.stringify(body)}\n`)
  return 0
}

function requestRaw({ api }: GetInvocation, url: string) {
  const [path = '', search = ''] = url.split('?')
  const query = Object.fromEntries(
    search
      .split('&')
      .filter(Boolean)
      .map(pair => [decodeURIComponent(pair.split('=')[0]!), decodeURIComponent(pair.split('=')[1] ?? '')]),
  )
  return api.request('GET', path, { query })
}
