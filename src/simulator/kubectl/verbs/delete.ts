import { defineCommand } from '../command.ts'
import { Failure, isNotFound, throwAll, withSource } from '../failure.ts'
import { dryRun } from '../flags/changing.ts'
import { deletionFlags } from '../flags/deleting.ts'
import { filename, kustomize, recursive } from '../flags/files.ts'
import { boolean, text } from '../flags/flag.ts'
import { allNamespaces, fieldSelector, selector } from '../flags/selecting.ts'
import type { Invocation } from '../invocation.ts'
import { deletionLine, propagationOf, sendDeletion, uidIn, waitUntilGone } from '../objects/deletion.ts'
import { dryRunOf, dryRunQuery } from '../objects/dryRun.ts'
import { Selection } from '../objects/selection.ts'
import type { Reference, Target } from '../objects/target.ts'
import { kindName } from '../server/resource.ts'

const flags = {
  recursive: recursive(),
  kustomize: kustomize('a'),
  filename: filename('containing the resource to delete.'),
  selector,
  'field-selector': fieldSelector,
  'all-namespaces': allNamespaces,
  'dry-run': dryRun,
  ...deletionFlags,
  all: boolean('Delete all resources, in the namespace of the specified resource types.'),
  'ignore-not-found': boolean(
    'Treat "resource not found" as a successful delete. Defaults to "true" when --all is specified.',
  ),
  interactive: boolean('If true, delete resource only when user confirms.', false, { short: 'i' }),
  now: boolean('If true, resources are signaled for immediate shutdown (same as --grace-period=1).'),
  output: text('Output mode. Use "-o name" for shorter output (resource/name).', '', { short: 'o' }),
  raw: text('Raw URI to DELETE to the server.  Uses the transport specified by the kubeconfig file.'),
  wait: boolean('If true, wait for resources to be gone before returning. This waits for finalizers.', true),
}

/** `kubectl delete`: delete resources by file names, stdin, resources and names, or by resources and label selector. */
export const deleteObjects = defineCommand({
  name: 'delete',
  summary: 'Delete resources by file names, stdin, resources and names, or by resources and label selector',
  description: `Delete resources by file names, stdin, resources and names, or by resources and label selector.

 JSON and YAML formats are accepted. Only one type of argument may be specified: file names, resources and names, or resources and label selector.

 Some resources, such as pods, support graceful deletion. These resources define a default period before they are forcibly terminated (the grace period) but you may override that value with the --grace-period flag, or pass --now to set a grace-period of 1. Because these resources often represent entities in the cluster, deletion may not be acknowledged immediately. If the node hosting a pod is down or cannot reach the API server, termination may take significantly longer than the grace period. To force delete a resource, you must specify the --force flag. Note: only a subset of resources support graceful deletion. In absence of the support, the --grace-period flag is ignored.

 IMPORTANT: Force deleting pods does not wait for confirmation that the pod's processes have been terminated, which can leave those processes running until the node detects the deletion and completes graceful deletion. If your processes use shared storage or talk to a remote API and depend on the name of the pod to identify themselves, force deleting those pods may result in multiple processes running on different machines using the same identification which may lead to data corruption or inconsistency. Only force delete pods when you are sure the pod is terminated, or if your application can tolerate multiple copies of the same pod running at once. Also, if you force delete pods, the scheduler may place new pods on those nodes before the node has released those resources and causing those pods to be evicted immediately.

 Note that the delete command does NOT do resource version checks, so if someone submits an update to a resource right when you submit a delete, their update will be lost along with the rest of the resource.

 After a CustomResourceDefinition is deleted, invalidation of discovery cache may take up to 6 hours. If you don't want to wait, you might want to run "kubectl api-resources" to refresh the discovery cache.`,
  examples: `  # Delete a pod using the type and name specified in pod.json
  kubectl delete -f ./pod.json

  # Delete resources from a directory containing kustomization.yaml - e.g. dir/kustomization.yaml
  kubectl delete -k dir

  # Delete resources from all files that end with '.json'
  kubectl delete -f '*.json'

  # Delete a pod based on the type and name in the JSON passed into stdin
  cat pod.json | kubectl delete -f -

  # Delete pods and services with same names "baz" and "foo"
  kubectl delete pod,service baz foo

  # Delete pods and services with label name=myLabel
  kubectl delete pods,services -l name=myLabel

  # Delete a pod with minimal delay
  kubectl delete pod foo --now

  # Force delete a pod on a dead node
  kubectl delete pod foo --force

  # Delete all pods
  kubectl delete pods --all

  # Delete all pods only if the user confirms the deletion
  kubectl delete pods --all --interactive`,
  usage: '([-f FILENAME] | [-k DIRECTORY] | TYPE [(NAME | -l label | --all)])',
  flags,
  complete: 'resource',
  async run(invocation) {
    const { flags, args, api } = invocation
    if (flags.raw) {
      await invocation.print(`${JSON.stringify((await api.request('DELETE', flags.raw)).body)}\n`)
      return 0
    }
    const dryRun = dryRunOf(flags)
    propagationOf(flags.cascade)
    if (/^(true|false)$/.test(flags.cascade)) {
      const instead = flags.cascade === 'true' ? 'background' : 'orphan'
      await invocation.warn(
        `warning: --cascade=${flags.cascade} is deprecated (boolean value) and can be replaced with --cascade=${instead}.`,
      )
    }
    const grace = graceOf(invocation)
    if (flags.output !== '' && flags.output !== 'name') {
      throw invocation.usageError(`Unexpected -o output mode: ${flags.output}. We only support '-o name'.`)
    }
    const isQuery = Boolean(flags.all || flags.selector || flags['field-selector'])
    const selection = await Selection.of(invocation, {
      args,
      filenames: flags.filename,
      kustomize: flags.kustomize,
      isRecursive: flags.recursive,
      selector: flags.selector,
      fieldSelector: flags['field-selector'],
      isAll: flags.all,
      isEveryNamespace: flags['all-namespaces'],
    })
    const ignoresNotFound = flags['ignore-not-found'] || (isQuery && !invocation.has('ignore-not-found'))
    if (grace === 0 && flags.force) {
      await invocation.warn(
        'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.',
      )
    }
    const waiting: { reference: Reference; uid: string | undefined }[] = []
    const errors: Error[] = []
    let count = 0
    const attempt = async (work: () => Promise<void>) => {
      try {
        await work()
      } catch (error) {
        if (!(error instanceof Failure)) throw error
        if (!ignoresNotFound || !isNotFound(error)) errors.push(error)
      }
    }
    const remove = async (reference: Reference) => {
      count++
      if (dryRun !== 'client') {
        try {
          const answer = await sendDeletion(
            invocation,
            reference,
            { ...flags, 'grace-period': grace },
            dryRunQuery(dryRun),
          )
          waiting.push({ reference, uid: uidIn(answer) })
        } catch (error) {
          throw withSource(error, 'deleting', reference.source)
        }
      }
      const { resource, name } = reference
      await invocation.print(
        flags.output === 'name' ? `${kindName(resource)}/${name}\n` : deletionLine(reference, grace === 0, dryRun),
      )
    }
    const chosen = flags.interactive ? await confirmed(invocation, selection) : selection.pieces()
    for await (const piece of chosen) {
      await attempt(async () => {
        if (piece instanceof Failure) throw piece
        if ('reference' in piece) await remove(piece.reference)
        else for (const target of await selection.fetch(piece)) await attempt(() => remove(target))
      })
    }
    if (count === 0 && errors.length === 0) await invocation.print('No resources found\n')
    if (flags.wait && dryRun === 'none') {
      for (const { reference, uid } of waiting)
        await attempt(() => waitUntilGone(invocation, reference, uid, flags.timeout))
    }
    throwAll(errors)
    return 0
  },
})

type Delete = Invocation<typeof flags>

/** How long objects may take to end; -1 leaves it to them. */
function graceOf(invocation: Delete): number {
  const { force, now, 'grace-period': given } = invocation.flags
  if (now && given >= 0) throw new Failure('--now and --grace-period cannot be specified together')
  if (force && given > 0) throw new Failure('--force and --grace-period greater than 0 cannot be specified together')
  if (now) return 1
  if (force && given < 0) return 0
  // Without --force, 0 means 1, lest data be lost by accident.
  return given === 0 && !force ? 1 : given
}

/** Shows what would go and asks. */
async function confirmed(
  invocation: Delete,
  selection: Selection,
): Promise<AsyncIterable<{ target: Target } | Failure>> {
  const targets = await selection.all()
  await invocation.print('You are about to delete the following '.concat(`${targets.length} resource(s):\n`))
  for (const { resource, name } of targets) await invocation.print(`${kindName(resource)}/${name}\n`)
  await invocation.print('Do you want to continue? (y/N): ')
  const answer = ((await invocation.process.stdin.read()) ?? '').trim().toLowerCase()
  const isYes = answer === 'y' || answer === 'yes'
  if (!isYes) await invocation.print('deletion is cancelled\n')
  return (async function* () {
    if (isYes) for (const target of targets) yield { target }
  })()
}
