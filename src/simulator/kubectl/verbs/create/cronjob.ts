import { defineCommand } from '../../command.ts'
import { dryRun, fieldManager, saveConfig, validate } from '../../flags/changing.ts'
import { text } from '../../flags/flag.ts'
import { outputFlags } from '../../flags/printing.ts'
import { commandAfterDash, create, givenNamespace, requireName } from '../../objects/create.ts'

const flags = {
  ...outputFlags,
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-create'),
  validate,
  'save-config': saveConfig,
  image: text('Image name to run.'),
  restart: text("job's restart policy. supported values: OnFailure, Never"),
  schedule: text('A schedule in the Cron format the job should be run with.'),
}

/** `kubectl create cronjob`: create a cron job with the specified name. */
export const createCronjob = defineCommand({
  name: 'cronjob',
  aliases: ['cj'],
  summary: 'Create a cron job with the specified name',
  description: 'Create a cron job with the specified name.',
  examples: `  # Create a cron job
  kubectl create cronjob my-job --image=busybox --schedule="*/1 * * * *"

  # Create a cron job with a command
  kubectl create cronjob my-job --image=busybox --schedule="*/1 * * * *" -- date`,
  usage: "NAME --image=image --schedule='0/5 * * * ?' -- [COMMAND] [args...] [flags]",
  flags,
  required: ['image', 'schedule'],
  async run(invocation) {
    const { flags } = invocation
    const name = requireName(invocation)
    const command = commandAfterDash(invocation)
    await create(invocation, flags, {
      failure: 'failed to create cronjob: ',
      object: {
        kind: 'CronJob',
        apiVersion: 'batch/v1',
        metadata: { name, ...givenNamespace(invocation) },
        spec: {
          schedule: flags.schedule,
          jobTemplate: {
            metadata: { name },
            spec: {
              template: {
                metadata: {},
                spec: {
                  containers: [{ name, image: flags.image, ...(command.length > 0 && { command }), resources: {} }],
                  restartPolicy: flags.restart || 'OnFailure',
                },
              },
            },
          },
        },
        status: {},
      },
    })
  },
})
