import { defineCommand } from '../../command.ts'
import { outputFlags } from '../../flags/printing.ts'
import { fileFlags } from '../../flags/files.ts'
import { selector } from '../../flags/selecting.ts'
import { dryRun, fieldManager } from '../../flags/changing.ts'
import { boolean, list, repeated, text } from '../../flags/flag.ts'

const flags = {
  ...outputFlags,
  ...fileFlags('Filename, directory, or URL to files the resource to update the env'),
  selector,
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-set'),
  all: boolean('If true, select all resources in the namespace of the specified resource types'),
  containers: text('The names of containers in the selected pod templates to change - may use wildcards', '*', { short: 'c' }),
  env: repeated('Specify a key-value pair for an environment variable to set into each container.', [], { short: 'e' }),
  from: text('The name of a resource from which to inject environment variables'),
  keys: list('Comma-separated list of keys to import from specified resource'),
  list: boolean('If true, display the environment and any changes in the standard format. this flag will removed when we have kubectl view env.'),
  local: boolean('If true, set env will NOT contact api-server but run locally.'),
  overwrite: boolean('If true, allow environment to be overwritten, otherwise reject updates that overwrite existing environment.', true),
  prefix: text('Prefix to append to variable names'),
  resolve: boolean('If true, show secret or configmap references when listing variables'),
}

/** `kubectl set env`: update environment variables on a pod template. */
export const setEnv = defineCommand({
  name: 'env',
  summary: 'Update environment variables on a pod template',
  description: `Update environment variables on a pod template.

 List environment variable definitions in one or more pods, pod templates. Add, update, or remove container environment variable definitions in one or more pod templates (within replication controllers or deployment configurations). View or modify the environment variable definitions on all containers in the specified pods or pod templates, or just those that match a wildcard.

 If "--env -" is passed, environment variables can be read from STDIN using the standard env syntax.

 Possible resources include (case insensitive):

        pod (po), replicationcontroller (rc), deployment (deploy), daemonset (ds), statefulset (sts), cronjob (cj), replicaset (rs)`,
  examples: `  # Update deployment 'registry' with a new environment variable
  kubectl set env deployment/registry STORAGE_DIR=/local

  # List the environment variables defined on a deployments 'sample-build'
  kubectl set env deployment/sample-build --list

  # List the environment variables defined on all pods
  kubectl set env pods --all --list

  # Output modified deployment in YAML, and does not alter the object on the server
  kubectl set env deployment/sample-build STORAGE_DIR=/data -o yaml

  # Update all containers in all replication controllers in the project to have ENV=prod
  kubectl set env rc --all ENV=prod

  # Import environment from a secret
  kubectl set env --from=secret/mysecret deployment/myapp

  # Import environment from a config map with a prefix
  kubectl set env --from=configmap/myconfigmap --prefix=MYSQL_ deployment/myapp

  # Import specific keys from a config map
  kubectl set env --keys=my-example-key --from=configmap/myconfigmap deployment/myapp

  # Remove the environment variable ENV from container 'c1' in all deployment configs
  kubectl set env deployments --all --containers="c1" ENV-

  # Remove the environment variable ENV from a deployment definition on disk and
  # update the deployment config on the server
  kubectl set env -f deploy.json ENV-

  # Set some of the local shell environment into a deployment config on the server
  env | grep RAILS_ | kubectl set env -e - deployment/registry`,
  usage: 'RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N',
  flags,
})
