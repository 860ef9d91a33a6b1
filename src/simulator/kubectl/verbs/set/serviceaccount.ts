import { defineCommand } from '../../command.ts'
import { Failure } from '../../failure.ts'
import { dryRun, fieldManager, record } from '../../flags/changing.ts'
import { fileFlags } from '../../flags/files.ts'
import { boolean } from '../../flags/flag.ts'
import { outputFlags } from '../../flags/printing.ts'
import { all } from '../../flags/selecting.ts'
import { podSpecOf } from '../../objects/podTemplate.ts'
import { updateSpecs, withoutPods } from '../../objects/specUpdate.ts'

const flags = {
  ...outputFlags,
  ...fileFlags(),
  all,
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-set'),
  local: boolean('If true, set serviceaccount will NOT contact api-server but run locally.'),
  record,
}

/** `kubectl set serviceaccount`: update the service account of a resource. */
export const setServiceaccount = defineCommand({
  name: 'serviceaccount',
  aliases: ['sa'],
  summary: 'Update the service account of a resource',
  description: `Update the service account of pod template resources.

 Possible resources (case insensitive) can be:

 replicationcontroller (rc), deployment (deploy), daemonset (ds), job, replicaset (rs), statefulset`,
  examples: `  # Set deployment nginx-deployment's service account to serviceaccount1
  kubectl set serviceaccount deployment nginx-deployment serviceaccount1

  # Print the result (in YAML format) of updated nginx deployment with the service account from local file, without hitting the API server
  kubectl set sa -f nginx-deployment.yaml serviceaccount1 --local --dry-run=client -o yaml`,
  usage: '(-f FILENAME | TYPE NAME) SERVICE_ACCOUNT',
  flags,
  complete: 'resource',
  async run(invocation) {
    const { flags, args } = invocation
    if (args.length === 0) throw new Failure('serviceaccount is required')
    const resources = args.slice(0, -1)
    const account = args.at(-1)!
    await updateSpecs(invocation, {
      resources,
      flags,
      operation: 'serviceaccount updated',
      subject: 'ServiceAccountName',
      change(object) {
        const spec = podSpecOf(object)
        if (!spec) throw withoutPods(object)
        spec.serviceAccountName = account
      },
    })
  },
})
