import { defineCommand } from '../command.ts'
import { Failure, isConflict, throwAll } from '../failure.ts'
import { dryRun, record } from '../flags/changing.ts'
import { fileFlags } from '../flags/files.ts'
import { duration, integer, text } from '../flags/flag.ts'
import { outputFlags } from '../flags/printing.ts'
import { allOfType, selector } from '../flags/selecting.ts'
import type { Invocation } from '../invocation.ts'
import { recordCause } from '../objects/changeCause.ts'
import { dryRunOf, dryRunQuery, withDryRun } from '../objects/dryRun.ts'
import { Selection } from '../objects/selection.ts'
import type { Target } from '../objects/target.ts'
import { printerFor } from '../output/printer.ts'
import { type AnyObject, valueAt } from '../server/object.ts'
import { pathOf } from '../server/resource.ts'

const flags = {
  ...outputFlags,
  ...fileFlags('Filename, directory, or URL to files identifying the resource to set a new size'),
  selector,
  all: allOfType,
  'dry-run': dryRun,
  'current-replicas': integer(
    'Precondition for current size. Requires that the current size of the resource match this value in order to scale. -1 (default) for no condition.',
    -1,
  ),
  replicas: integer('The new desired number of replicas. Required.'),
  'resource-version': text(
    'Precondition for resource version. Requires that the current resource version match this value in order to scale.',
  ),
  timeout: duration(
    "The length of time to wait before giving up on a scale operation, zero means don't wait. Any other values should contain a corresponding time unit (e.g. 1s, 2m, 3h).",
    0,
    '0s',
  ),
  record,
}

/** `kubectl scale`: set a new size for a deployment, replica set, or replication controller. */
export const scale = defineCommand({
  name: 'scale',
  summary: 'Set a new size for a deployment, replica set, or replication controller',
  description: `Set a new size for a deployment, replica set, replication controller, or stateful set.

 Scale also allows users to specify one or more preconditions for the scale action.

 If --current-replicas or --resource-version is specified, it is validated before the scale is attempted, and it is guaranteed that the precondition holds true when the scale is sent to the server.`,
  examples: `  # Scale a replica set named 'foo' to 3
  kubectl scale --replicas=3 rs/foo

  # Scale a resource identified by type and name specified in "foo.yaml" to 3
  kubectl scale --replicas=3 -f foo.yaml

  # If the deployment named mysql's current size is 2, scale mysql to 3
  kubectl scale --current-replicas=2 --replicas=3 deployment/mysql

  # Scale multiple replication controllers
  kubectl scale --replicas=5 rc/example1 rc/example2 rc/example3

  # Scale stateful set named 'web' to 3
  kubectl scale --replicas=3 statefulset/web`,
  usage: '[--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME)',
  flags,
  complete: { types: ['deployment', 'replicaset', 'replicationcontroller', 'statefulset'] },
  required: ['replicas'],
  async run(invocation) {
    const { flags, args } = invocation
    const dryRun = dryRunOf(flags)
    if (flags.replicas < 0) {
      throw new Failure('The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0')
    }
    const selection = await Selection.of(invocation, {
      args,
      filenames: flags.filename,
      kustomize: flags.kustomize,
      isRecursive: flags.recursive,
      selector: flags.selector,
      isAll: flags.all,
    })
    const printer = printerFor(invocation.process, flags, { operation: withDryRun('scaled', dryRun) })
    const { targets, errors } = await selection.settle()
    if (flags['resource-version'] && targets.length > 1)
      throw new Failure('cannot use --resource-version with multiple resources')
    for (const target of targets) {
      if (dryRun !== 'client') await setScale(invocation, target, dryRunQuery(dryRun))
      if (dryRun === 'none') await recordCause(invocation, target)
      await invocation.print(printer.print(target.object))
      if (flags.timeout > 0 && dryRun === 'none') await waitForReplicas(invocation, target)
    }
    throwAll(errors)
    if (targets.length === 0) throw new Failure('no objects passed to scale')
    return 0
  },
})

type Scale = Invocation<typeof flags>

/** Writes the count to the scale subresource; with conditions, it looks first. */
async function setScale(
  invocation: Scale,
  { resource, namespace, name }: Target,
  query: { dryRun?: string },
): Promise<void> {
  const { api, flags } = invocation
  const options = { query: { fieldManager: 'kubectl-scale', ...query }, subresource: 'scale' }
  if (flags['current-replicas'] === -1 && !flags['resource-version']) {
    await api.patch(resource, namespace, name, 'merge', { spec: { replicas: flags.replicas } }, options)
    return
  }
  for (let attempt = 1; ; attempt++) {
    const path = pathOf(resource, namespace, name, 'scale')
    const scale = await api.read(path)
    const count = Number(valueAt(scale, 'spec', 'replicas') ?? 0)
    if (flags['current-replicas'] !== -1 && count !== flags['current-replicas']) {
      throw new Failure(`Expected replicas to be ${flags['current-replicas']}, was ${count}`)
    }
    const version = scale.metadata.resourceVersion ?? ''
    if (flags['resource-version'] && flags['resource-version'] !== version) {
      throw new Failure(`Expected resource version to be ${flags['resource-version']}, was ${version}`)
    }
    try {
      await api.write('PUT', path, { ...scale, spec: { replicas: flags.replicas } }, options.query)
      return
    } catch (error) {
      if (!isConflict(error) || attempt === 10) throw error
    }
  }
}

async function waitForReplicas(invocation: Scale, { resource, namespace, name }: Target): Promise<void> {
  const { api, flags, process } = invocation
  const end = process.kernel.clock.now + flags.timeout
  while (process.kernel.clock.now < end) {
    const object: AnyObject = await api.get(resource, namespace, name)
    if (Number(valueAt(object, 'status', 'replicas') ?? 0) === flags.replicas) return
    await process.sleep(100)
  }
  throw new Failure(`timed out waiting for ${JSON.stringify(name)} to be synced`)
}
