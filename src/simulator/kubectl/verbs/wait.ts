import { defineCommand } from '../command.ts'
import { Failure, isNotFound, throwAll } from '../failure.ts'
import { filename, recursive } from '../flags/files.ts'
import { boolean, duration, repeated, text } from '../flags/flag.ts'
import { outputFlags } from '../flags/printing.ts'
import { allNamespaces, allOfType, fieldSelector } from '../flags/selecting.ts'
import type { Invocation } from '../invocation.ts'
import { type Piece, Selection } from '../objects/selection.ts'
import type { Reference } from '../objects/target.ts'
import { printerFor } from '../output/printer.ts'
import { parseCondition } from '../waiting/condition.ts'
import { waitForOne, week } from '../waiting/wait.ts'

const flags = {
  ...outputFlags,
  recursive: recursive(true),
  filename: filename('identifying the resource.'),
  'field-selector': fieldSelector,
  'all-namespaces': allNamespaces,
  all: allOfType,
  for: repeated(
    "The condition to wait on: [create|delete|condition=condition-name[=condition-value]|jsonpath='{JSONPath expression}'=[JSONPath value]]. The default condition-value is true. Condition values are compared after Unicode simple case folding, which is a more general form of case-insensitivity. Multiple conditions are supported and AND'ed to each other in a sequential order. If --for=create is passed, it is always waited first.",
  ),
  local: boolean('If true, annotation will NOT contact api-server but run locally.'),
  selector: text(
    "Selector (label query) to filter on, supports '=', '==', and '!='.(e.g. -l key1=value1,key2=value2)",
    '',
    { short: 'l' },
  ),
  timeout: duration(
    "The length of time to wait before giving up. Zero means check once and don't wait, negative means wait for a week.",
    30000,
    '30s',
  ),
}

/** `kubectl wait`: wait for a specific condition on one or many resources. */
export const wait = defineCommand({
  name: 'wait',
  summary: 'Wait for a specific condition on one or many resources',
  description: `Wait for a specific condition on one or many resources.

 The command takes multiple resources and waits until the specified condition is seen in the Status field of every given resource.

 Alternatively, the command can wait for the given set of resources to be created or deleted by providing the "create" or "delete" keyword as the value to the --for flag.

 A successful message will be printed to stdout indicating when the specified condition has been met. You can use -o option to change to output destination.`,
  examples: `  # Wait for the pod "busybox1" to contain the status condition of type "Ready"
  kubectl wait --for=condition=Ready pod/busybox1

  # The default value of status condition is true; you can wait for other targets after an equal delimiter (compared after Unicode simple case folding, which is a more general form of case-insensitivity)
  kubectl wait --for=condition=Ready=false pod/busybox1

  # Wait for the pod "busybox1" to contain the status phase to be "Running"
  kubectl wait --for=jsonpath='{.status.phase}'=Running pod/busybox1

  # Wait for pod "busybox1" to be Ready
  kubectl wait --for='jsonpath={.status.conditions[?(@.type=="Ready")].status}=True' pod/busybox1

  # Wait for the service "loadbalancer" to have ingress
  kubectl wait --for=jsonpath='{.status.loadBalancer.ingress}' service/loadbalancer

  # Wait for the secret "busybox1" to be created, with a timeout of 30s
  kubectl create secret generic busybox1
  kubectl wait --for=create secret/busybox1 --timeout=30s

  # Wait for the pod "busybox1" to be deleted, with a timeout of 60s, after having issued the "delete" command
  kubectl delete pod/busybox1
  kubectl wait --for=delete pod/busybox1 --timeout=60s

  # Wait for pod "busybox1" to be created AND reach the "Ready" status condition
  kubectl wait --for=condition=Ready --for=create pod/busybox1

  # Wait for pod "busybox1" to reach the "Ready" status OR for its containers to report a "False" readiness state
  until kubectl wait pod/busybox1 --for=condition=Ready --timeout=1s 2>/dev/null || \\
  kubectl wait pod/busybox1 --for=condition=ContainersReady=False --timeout=1s 2>/dev/null; \\
  do echo "Checking conditions..."; sleep 1; done`,
  usage:
    "([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|--for condition=available|--for=jsonpath='{}'[=value]]",
  flags,
  async run(invocation) {
    const { flags, args } = invocation
    invocation.config.check()
    if (flags.for.length === 0) throw new Failure('unrecognized condition: []')
    const conditions = flags.for.map(parseCondition)
    const selection = await Selection.of(invocation, {
      args,
      filenames: flags.filename,
      isRecursive: flags.recursive,
      selector: flags.selector,
      fieldSelector: flags['field-selector'],
      isAll: flags.all,
      isEveryNamespace: flags['all-namespaces'],
      isLocal: flags.local,
    })
    const printer = printerFor(invocation.process, flags, { operation: 'condition met' })
    const { clock } = invocation.process.kernel
    // All objects share the time; 0 means one look at each, and below zero a week.
    const end = flags.timeout === 0 ? undefined : clock.now + (flags.timeout < 0 ? week : flags.timeout)
    for (const condition of conditions) {
      let count = 0
      const visit = async (reference: Reference) => {
        count++
        const object = await waitForOne(invocation, reference, condition, end)
        if (object) await invocation.print(printer.print(object))
      }
      if (condition.type === 'create') await waitForCreation(invocation, selection, visit)
      else await eachReference(selection, condition.type === 'delete', visit)
      if (count === 0 && condition.type !== 'delete') throw new Failure('no matching resources found')
    }
  },
})

/** Visits what has been chosen; objects that are gone already are fine where that is awaited. */
async function eachReference(
  selection: Selection,
  isDeletion: boolean,
  visit: (reference: Reference) => Promise<void>,
): Promise<void> {
  const errors: Error[] = []
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      if (!isDeletion || !isNotFound(error)) errors.push(error)
    }
  }
  for await (const piece of selection.pieces()) {
    await attempt(async () => {
      if (piece instanceof Failure) throw piece
      for (const target of await selection.fetch(asReference(piece))) await attempt(() => visit(target))
    })
  }
  throwAll(errors)
}

/** Files say which objects are meant; their state is the server's. */
function asReference(piece: Piece): Piece {
  return 'target' in piece ? { reference: piece.target } : piece
}

/** Asks again and again until there is something to wait for. */
async function waitForCreation(
  invocation: Invocation<typeof flags>,
  selection: Selection,
  visit: (reference: Reference) => Promise<void>,
): Promise<void> {
  const { process, flags: given } = invocation
  const { clock } = process.kernel
  const end = clock.now + given.timeout
  for (;;) {
    let found = 0
    for await (const piece of selection.pieces()) {
      if (piece instanceof Failure) throw piece
      try {
        for (const target of await selection.fetch(asReference(piece))) {
          found++
          await visit(target)
        }
      } catch (error) {
        if (!isNotFound(error)) throw error
      }
    }
    if (found > 0) return
    if (clock.now >= end) throw new Failure('timed out waiting for the condition')
    await process.sleep(500)
  }
}
