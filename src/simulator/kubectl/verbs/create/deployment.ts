import { defineCommand } from '../../command.ts'
import { outputFlags } from '../../flags/printing.ts'
import { dryRun, fieldManager, saveConfig, validate } from '../../flags/changing.ts'
import { integer, list } from '../../flags/flag.ts'

/** `kubectl create deployment`: create a deployment with the specified name. */
export const createDeployment = defineCommand({
  name: 'deployment',
  aliases: ['deploy'],
  summary: 'Create a deployment with the specified name',
  description: 'Create a deployment with the specified name.',
  examples: `  # Create a deployment named my-dep that runs the busybox image
  kubectl create deployment my-dep --image=busybox

  # Create a deployment with a command
  kubectl create deployment my-dep --image=busybox -- date

  # Create a deployment named my-dep that runs the nginx image with 3 replicas
  kubectl create deployment my-dep --image=nginx --replicas=3

  # Create a deployment named my-dep that runs the busybox image and expose port 5701
  kubectl create deployment my-dep --image=busybox --port=5701

  # Create a deployment named my-dep that runs multiple containers
  kubectl create deployment my-dep --image=busybox:latest --image=ubuntu:latest --image=nginx`,
  usage: 'NAME --image=image -- [COMMAND] [args...]',
  flags: {
    ...outputFlags,
    'dry-run': dryRun,
    'field-manager': fieldManager('kubectl-create'),
    validate,
    'save-config': saveConfig,
    image: list('Image names to run. A deployment can have multiple images set for multi-container pod.'),
    port: integer('The containerPort that this deployment exposes.', -1),
    replicas: integer('Number of replicas to create. Default is 1.', 1, { short: 'r' }),
  },
})
