import { isEqual } from '../../cluster/api/equality.ts'
import { checkLabelValue } from '../../cluster/api/names.ts'
import { defineCommand } from '../command.ts'
import { Failure } from '../failure.ts'
import { dryRun, fieldManager, record } from '../flags/changing.ts'
import { fileFlags } from '../flags/files.ts'
import { boolean, text } from '../flags/flag.ts'
import { outputFlags } from '../flags/printing.ts'
import { all, everyNamespace, fieldSelector, selector } from '../flags/selecting.ts'
import type { Invocation } from '../invocation.ts'
import { dryRunOf, dryRunQuery, withDryRun } from '../objects/dryRun.ts'
import { type Changes, changed, parseChanges, splitPairs } from '../objects/pairs.ts'
import { nameOf } from '../objects/target.ts'
import { updateEach } from '../objects/update.ts'
import type { AnyObject } from '../server/object.ts'

const flags = {
  ...outputFlags,
  ...fileFlags('Filename, directory, or URL to files identifying the resource to update the labels'),
  selector,
  'field-selector': fieldSelector,
  'all-namespaces': everyNamespace,
  all,
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-label'),
  list: boolean('If true, display the labels for a given resource.'),
  local: boolean('If true, label will NOT contact api-server but run locally.'),
  overwrite: boolean(
    'If true, allow labels to be overwritten, otherwise reject label updates that overwrite existing labels.',
  ),
  'resource-version': text(
    'If non-empty, the labels update will only succeed if this is the current resource-version for the object. Only valid when specifying a single resource.',
  ),
  record,
}

/** `kubectl label`: update the labels on a resource. */
export const label = defineCommand({
  name: 'label',
  summary: 'Update the labels on a resource',
  description: `Update the labels on a resource.

  *  A label key and value must begin with a letter or number, and may contain letters, numbers, hyphens, dots, and underscores, up to 63 characters each.
  *  Optionally, the key can begin with a DNS subdomain prefix and a single '/', like example.com/my-app.
  *  If --overwrite is true, then existing labels can be overwritten, otherwise attempting to overwrite a label will result in an error.
  *  If --resource-version is specified, then updates will use this resource version, otherwise the existing resource-version will be used.`,
  examples: `  # Update pod 'foo' with the label 'unhealthy' and the value 'true'
  kubectl label pods foo unhealthy=true

  # Update pod 'foo' with the label 'status' and the value 'unhealthy', overwriting any existing value
  kubectl label --overwrite pods foo status=unhealthy

  # Update all pods in the namespace
  kubectl label pods --all status=unhealthy

  # Update a pod identified by the type and name in "pod.json"
  kubectl label -f pod.json status=unhealthy

  # Update pod 'foo' only if the resource is unchanged from version 1
  kubectl label pods foo status=unhealthy --resource-version=1

  # Update pod 'foo' by removing a label named 'bar' if it exists
  # Does not require the --overwrite flag
  kubectl label pods foo bar-`,
  usage: '[--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]',
  flags,
  complete: 'resource',
  async run(invocation) {
    const { flags, args } = invocation
    const dryRun = dryRunOf(flags)
    const { resources, pairs } = splitPairs(args, 'label')
    const changes = parseChanges(pairs, 'label')
    check(changes)
    if (flags.local && resources.length > 0) {
      throw new Failure('can only use local files by -f pod.yaml or --filename=pod.json when --local=true is set')
    }
    if (flags.local && flags.filename.length === 0 && !flags.kustomize) {
      throw new Failure('one or more files must be specified as -f pod.yaml or --filename=pod.json')
    }
    if (resources.length === 0 && flags.filename.length === 0 && !flags.kustomize) {
      throw new Failure('one or more resources must be specified as <resource> <name> or <resource>/<name>')
    }
    if (pairs.length === 0 && !flags.list) throw new Failure('at least one label update is required')
    await updateEach(invocation, {
      args: resources,
      flags,
      dryRun,
      query: { fieldManager: flags['field-manager'], ...dryRunQuery(dryRun) },
      async change(target) {
        const { object } = target
        if (
          !flags.local &&
          flags['resource-version'] &&
          flags['resource-version'] !== object.metadata.resourceVersion
        ) {
          throw new Failure(`Operation cannot be fulfilled on ${nameOf(target)}: the object has been modified`)
        }
        if (!flags.overwrite) refuseOverwriting(object, changes)
        for (const key of flags.local || dryRun === 'client' ? [] : changes.removed) {
          if (object.metadata.labels?.[key] === undefined)
            await invocation.print(`label ${JSON.stringify(key)} not found.\n`)
        }
        const labels = changed(object.metadata.labels, changes)
        return { ...object, metadata: withLabels(object, labels) }
      },
      operation: (before, after) => withDryRun(operationOf(invocation, before, after), dryRun),
      ...(flags.list && { show: listLabels }),
    })
    return 0
  },
})

type Label = Invocation<typeof flags>

function check({ set }: Changes): void {
  for (const [key, value] of set) {
    const problems = checkLabelValue(value)
    if (problems.length > 0)
      throw new Failure(`invalid label value: ${JSON.stringify(`${key}=${value}`)}: ${problems.join(';')}`)
  }
}

function refuseOverwriting({ metadata }: AnyObject, { set }: Changes): void {
  const problems = [...set]
    .filter(([key, value]) => metadata.labels?.[key] !== undefined && metadata.labels[key] !== value)
    .map(([key]) => `'${key}' already has a value (${metadata.labels![key]}), and --overwrite is false`)
  if (problems.length > 0) throw new Failure(problems.length === 1 ? problems[0]! : `[${problems.join(', ')}]`)
}

function withLabels({ metadata }: AnyObject, labels: Record<string, string>): AnyObject['metadata'] {
  const { labels: _, ...rest } = metadata
  return Object.keys(labels).length > 0 ? { ...rest, labels } : rest
}

function operationOf({ flags }: Label, before: AnyObject, after: AnyObject): string {
  if (isEqual(before, after)) return 'not labeled'
  const [old, current] = [JSON.stringify(before), JSON.stringify(after)]
  return !flags.overwrite && current.length < old.length ? 'unlabeled' : 'labeled'
}

function listLabels(object: AnyObject, isOnly: boolean): string {
  const labels = Object.entries(object.metadata.labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  const heading = isOnly ? '' : `Listing labels for ${object.kind}.${object.apiVersion}/${object.metadata.name}:\n`
  return heading + labels.map(([key, value]) => `${isOnly ? '' : ' '}${key}=${value}\n`).join('')
}
