import { defineCommand } from '../../command.ts'
import { outputFlags } from '../../flags/printing.ts'
import { dryRun, fieldManager, saveConfig, validate } from '../../flags/changing.ts'
import { text } from '../../flags/flag.ts'

/** `kubectl create job`: create a job with the specified name. */
export const createJob = defineCommand({
  name: 'job',
  summary: 'Create a job with the specified name',
  description: 'Create a job with the specified name.',
  examples: `  # Create a job
  kubectl create job my-job --image=busybox

  # Create a job with a command
  kubectl create job my-job --image=busybox -- date

  # Create a job from a cron job named "a-cronjob"
  kubectl create job test-job --from=cronjob/a-cronjob`,
  usage: 'NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...]',
  flags: {
    ...outputFlags,
    'dry-run': dryRun,
    'field-manager': fieldManager('kubectl-create'),
    validate,
    'save-config': saveConfig,
    from: text('The name of the resource to create a Job from (only CronJob is supported).'),
    image: text('Image name to run.'),
  },
})
