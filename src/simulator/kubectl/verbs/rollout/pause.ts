import { defineCommand } from '../../command.ts'
import { fieldManager } from '../../flags/changing.ts'
import { fileFlags } from '../../flags/files.ts'
import { outputFlags } from '../../flags/printing.ts'
import { selector } from '../../flags/selecting.ts'
import { changeRollouts } from '../../rollouts/change.ts'

const flags = {
  ...outputFlags,
  ...fileFlags(),
  selector,
  'field-manager': fieldManager('kubectl-rollout'),
}

/** `kubectl rollout pause`: mark the provided resource as paused. */
export const rolloutPause = defineCommand({
  name: 'pause',
  summary: 'Mark the provided resource as paused',
  description: `Mark the provided resource as paused.

 Paused resources will not be reconciled by a controller. Use "kubectl rollout resume" to resume a paused resource. Currently only deployments support being paused.`,
  examples: `  # Mark the nginx deployment as paused
  # Any current state of the deployment will continue its function; new updates
  # to the deployment will not have an effect as long as the deployment is paused
  kubectl rollout pause deployment/nginx`,
  usage: 'RESOURCE',
  flags,
  complete: { types: ['deployment'] },
  run: async invocation => changeRollouts(invocation, invocation.flags, 'pause'),
})
