import { defineCommand } from '../command.ts'
import { outputFlags } from '../flags/printing.ts'
import { fileFlags } from '../flags/files.ts'
import { allOfType, selector } from '../flags/selecting.ts'
import { dryRun, record } from '../flags/changing.ts'
import { duration, integer, text } from '../flags/flag.ts'

const flags = {
  ...outputFlags,
  ...fileFlags('Filename, directory, or URL to files identifying the resource to set a new size'),
  selector,
  all: allOfType,
  'dry-run': dryRun,
  'current-replicas': integer('Precondition for current size. Requires that the current size of the resource match this value in order to scale. -1 (default) for no condition.', -1),
  replicas: integer('The new desired number of replicas. Required.'),
  'resource-version': text('Precondition for resource version. Requires that the current resource version match this value in order to scale.'),
  timeout: duration("The length of time to wait before giving up on a scale operation, zero means don't wait. Any other values should contain a corresponding time unit (e.g. 1s, 2m, 3h).", 0, '0s'),
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
})
