import { defineCommand } from '../../command.ts'
import { Failure } from '../../failure.ts'
import { dryRun, fieldManager, saveConfig, validate } from '../../flags/changing.ts'
import { text } from '../../flags/flag.ts'
import { outputFlags } from '../../flags/printing.ts'
import type { Invocation } from '../../invocation.ts'
import { commandAfterDash, create, givenNamespace, requireName } from '../../objects/create.ts'
import type { AnyObject } from '../../server/object.ts'

const flags = {
  ...outputFlags,
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-create'),
  validate,
  'save-config': saveConfig,
  from: text('The name of the resource to create a Job from (only CronJob is supported).'),
  image: text('Image name to run.'),
}

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
  flags,
  async run(invocation) {
    const { flags } = invocation
    const name = requireName(invocation)
    const command = commandAfterDash(invocation)
    if ((flags.image === '') === (flags.from === '')) throw new Failure('either --image or --from must be specified')
    if (command.length > 0 && flags.from) throw new Failure('cannot specify --from and command')
    const object = flags.from
      ? await jobFrom(invocation, flags.from, name)
      : {
          kind: 'Job',
          apiVersion: 'batch/v1',
          metadata: { name, ...givenNamespace(invocation) },
          spec: {
            template: {
              metadata: {},
              spec: {
                containers: [{ name, image: flags.image, ...(command.length > 0 && { command }), resources: {} }],
                restartPolicy: 'Never',
              },
            },
          },
          status: {},
        }
    await create(invocation, flags, { failure: 'failed to create job: ', object })
  },
})

/** A job as a cron job would start it now. */
async function jobFrom(invocation: Invocation, from: string, name: string): Promise<AnyObject> {
  const parts = from.split('/')
  if (parts.length > 2) throw new Failure('arguments in resource/name form may not have more than one slash')
  if (parts.length < 2) throw new Failure(`the server doesn't have a resource type ${JSON.stringify(from)}`)
  const resources = await invocation.resources()
  const resource = resources.named(parts[0]!)
  const { namespace } = invocation
  const owner = await invocation.api.get(resource, namespace, parts[1]!)
  if (owner.kind !== 'CronJob') throw new Failure(`unknown object type *v1.${owner.kind}`)
  const { metadata = {}, spec } = (
    owner['spec'] as { jobTemplate: { metadata?: AnyObject['metadata']; spec: unknown } }
  ).jobTemplate
  const { labels, annotations } = metadata
  return {
    kind: 'Job',
    apiVersion: 'batch/v1',
    metadata: {
      name,
      ...givenNamespace(invocation),
      ...(labels && { labels }),
      annotations: { 'cronjob.kubernetes.io/instantiate': 'manual', ...annotations },
      ownerReferences: [
        {
          apiVersion: 'batch/v1',
          kind: owner.kind,
          name: owner.metadata.name!,
          uid: owner.metadata.uid!,
          controller: true,
        },
      ],
    },
    spec,
    status: {},
  }
}
