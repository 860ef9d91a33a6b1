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

/** `kubectl rollout resume`: resume a paused resource. */
export const rolloutResume = defineCommand({
  name: 'resume',
  summary: 'Resume a paused resource',
  description: `Resume a paused resource.

 Paused resources will not be reconciled by a controller. By resuming a resource, we allow it to be reconciled again. Currently only deployments support being resumed.`,
  examples: `  # Resume an already paused deployment
  kubectl rollout resume deployment/nginx`,
  usage: 'RESOURCE',
  flags,
  complete: { types: ['deployment'] },
  run: async invocation => changeRollouts(invocation, invocation.flags, 'resume'),
})
