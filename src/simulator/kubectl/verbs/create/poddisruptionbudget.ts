import { defineCommand } from '../../command.ts'
import { outputFlags } from '../../flags/printing.ts'
import { dryRun, fieldManager, saveConfig, validate } from '../../flags/changing.ts'
import { text } from '../../flags/flag.ts'

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
  flags: {
    ...outputFlags,
    'dry-run': dryRun,
    'field-manager': fieldManager('kubectl-create'),
    validate,
    'save-config': saveConfig,
    'max-unavailable': text('The maximum number or percentage of unavailable pods this budget requires.'),
    'min-available': text('The minimum number or percentage of available pods this budget requires.'),
    selector: text('A label selector to use for this budget. Only equality-based selector requirements are supported.'),
  },
})
