import { defineCommand } from '../../command.ts'
import { Failure } from '../../failure.ts'
import { dryRun, fieldManager, saveConfig, validate } from '../../flags/changing.ts'
import { integer, list } from '../../flags/flag.ts'
import { outputFlags } from '../../flags/printing.ts'
import { containerName } from '../../objects/containerName.ts'
import { commandAfterDash, create, givenNamespace, requireName } from '../../objects/create.ts'

const flags = {
  ...outputFlags,
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-create'),
  validate,
  'save-config': saveConfig,
  image: list('Image names to run. A deployment can have multiple images set for multi-container pod.'),
  port: integer('The containerPort that this deployment exposes.', -1),
  replicas: integer('Number of replicas to create. Default is 1.', 1, { short: 'r' }),
}

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
  flags,
  required: ['image'],
  async run(invocation) {
    const { flags } = invocation
    const name = requireName(invocation)
    const command = commandAfterDash(invocation)
    if (flags.image.length > 1 && command.length > 0) {
      throw new Failure('cannot specify multiple --image options and command')
    }
    const labels = { app: name }
    const containers = flags.image.map((image, i) => ({
      name: containerName(image, invocation.random),
      image,
      ...(command.length > 0 && { command }),
      ...(i === 0 && flags.port >= 0 && { ports: [{ containerPort: flags.port }] }),
      resources: {},
    }))
    await create(invocation, flags, {
      failure: 'failed to create deployment: ',
      object: {
        kind: 'Deployment',
        apiVersion: 'apps/v1',
        metadata: { name, ...givenNamespace(invocation), labels },
        spec: {
          replicas: flags.replicas,
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers } },
          strategy: {},
        },
        status: {},
      },
    })
  },
})
