import { defineCommand } from '../../command.ts'
import { Failure } from '../../failure.ts'
import { dryRun, fieldManager, saveConfig, validate } from '../../flags/changing.ts'
import { text } from '../../flags/flag.ts'
import { outputFlags } from '../../flags/printing.ts'
import { create, givenNamespace, requireName } from '../../objects/create.ts'
import { selectorFrom } from '../../objects/labelSelector.ts'

const flags = {
  ...outputFlags,
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-create'),
  validate,
  'save-config': saveConfig,
  'max-unavailable': text('The maximum number or percentage of unavailable pods this budget requires.'),
  'min-available': text('The minimum number or percentage of available pods this budget requires.'),
  selector: text('A label selector to use for this budget. Only equality-based selector requirements are supported.'),
}

/** `kubectl create poddisruptionbudget`: create a pod disruption budget with the specified name. */
export const createPoddisruptionbudget = defineCommand({
  name: 'poddisruptionbudget',
  aliases: ['pdb'],
  summary: 'Create a pod disruption budget with the specified name',
  description: 'Create a pod disruption budget with the specified name, selector, and desired minimum available pods.',
  examples: `  # Create a pod disruption budget named my-pdb that will select all pods with the app=rails label
  # and require at least one of them being available at any point in time
  kubectl create poddisruptionbudget my-pdb --selector=app=rails --min-available=1

  # Create a pod disruption budget named my-pdb that will select all pods with the app=nginx label
  # and require at least half of the pods selected to be available at any point in time
  kubectl create pdb my-pdb --selector=app=nginx --min-available=50%`,
  usage: 'NAME --selector=SELECTOR --min-available=N [--dry-run=server|client|none]',
  flags,
  required: ['selector'],
  async run(invocation) {
    const { flags } = invocation
    const name = requireName(invocation)
    const { 'min-available': minimum, 'max-unavailable': maximum, selector } = flags
    if (!minimum && !maximum) throw new Failure('one of min-available or max-unavailable must be specified')
    if (minimum && maximum) throw new Failure('min-available and max-unavailable cannot be both specified')
    if (!selector) throw new Failure('a selector must be specified')
    await create(invocation, flags, {
      failure: 'failed to create poddisruptionbudgets: ',
      object: {
        kind: 'PodDisruptionBudget',
        apiVersion: 'policy/v1',
        metadata: { name, ...givenNamespace(invocation) },
        spec: {
          ...(minimum && { minAvailable: amount(minimum) }),
          selector: selectorFrom(selector),
          ...(maximum && { maxUnavailable: amount(maximum) }),
        },
        status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
      },
    })
  },
})

function amount(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text
}
