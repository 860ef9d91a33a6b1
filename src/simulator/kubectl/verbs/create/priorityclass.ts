import { defineCommand } from '../../command.ts'
import { dryRun, fieldManager, saveConfig, validate } from '../../flags/changing.ts'
import { boolean, integer, text } from '../../flags/flag.ts'
import { outputFlags } from '../../flags/printing.ts'
import { create, requireName } from '../../objects/create.ts'

const flags = {
  ...outputFlags,
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-create'),
  validate,
  'save-config': saveConfig,
  description: text(
    'description is an arbitrary string that usually provides guidelines on when this priority class should be used.',
  ),
  'global-default': boolean(
    'global-default specifies whether this PriorityClass should be considered as the default priority.',
  ),
  'preemption-policy': text(
    'preemption-policy is the policy for preempting pods with lower priority.',
    'PreemptLowerPriority',
  ),
  value: integer('the value of this priority class.'),
}

/** `kubectl create priorityclass`: create a priority class with the specified name. */
export const createPriorityclass = defineCommand({
  name: 'priorityclass',
  aliases: ['pc'],
  summary: 'Create a priority class with the specified name',
  description: 'Create a priority class with the specified name, value, globalDefault and description.',
  examples: `  # Create a priority class named high-priority
  kubectl create priorityclass high-priority --value=1000 --description="high priority"

  # Create a priority class named default-priority that is considered as the global default priority
  kubectl create priorityclass default-priority --value=1000 --global-default=true --description="default priority"

  # Create a priority class named high-priority that cannot preempt pods with lower priority
  kubectl create priorityclass high-priority --value=1000 --description="high priority" --preemption-policy="Never"`,
  usage: 'NAME --value=VALUE --global-default=BOOL [--dry-run=server|client|none]',
  flags,
  required: ['value'],
  async run(invocation) {
    const { flags } = invocation
    await create(invocation, flags, {
      failure: 'failed to create priorityclass: ',
      object: {
        kind: 'PriorityClass',
        apiVersion: 'scheduling.k8s.io/v1',
        metadata: { name: requireName(invocation) },
        value: flags.value,
        ...(flags['global-default'] && { globalDefault: true }),
        ...(flags.description && { description: flags.description }),
        preemptionPolicy: flags['preemption-policy'],
      },
    })
  },
})
