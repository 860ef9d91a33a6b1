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

/** `kubectl rollout restart`: restart a resource. */
export const rolloutRestart = defineCommand({
  name: 'restart',
  summary: 'Restart a resource',
  description: `Restart a resource.

        Resource rollout will be restarted.`,
  examples: `  # Restart all deployments in the test-namespace namespace
  kubectl rollout restart deployment -n test-namespace

  # Restart a deployment
  kubectl rollout restart deployment/nginx

  # Restart a daemon set
  kubectl rollout restart daemonset/abc

  # Restart deployments with the app=nginx label
  kubectl rollout restart deployment --selector=app=nginx`,
  usage: 'RESOURCE',
  flags,
  complete: { types: ['deployment', 'daemonset', 'statefulset'] },
  run: async invocation => changeRollouts(invocation, invocation.flags, 'restart'),
})
