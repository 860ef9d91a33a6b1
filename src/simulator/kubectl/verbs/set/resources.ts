import { defineCommand } from '../../command.ts'
import { Failure } from '../../failure.ts'
import { dryRun, fieldManager, record } from '../../flags/changing.ts'
import { fileFlags } from '../../flags/files.ts'
import { boolean, text } from '../../flags/flag.ts'
import { outputFlags } from '../../flags/printing.ts'
import { all, selector } from '../../flags/selecting.ts'
import { containersNamed } from '../../objects/containers.ts'
import { podSpecOf } from '../../objects/podTemplate.ts'
import { parseResources } from '../../objects/resourceLists.ts'
import { updateSpecs, withoutPods } from '../../objects/specUpdate.ts'

const flags = {
  ...outputFlags,
  ...fileFlags(),
  selector,
  all,
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-set'),
  containers: text(
    'The names of containers in the selected pod templates to change, all containers are selected by default - may use wildcards',
    '*',
    { short: 'c' },
  ),
  limits: text(
    "The resource requirement requests for this container.  For example, 'cpu=100m,memory=256Mi'.  Note that server side components may assign requests depending on the server configuration, such as limit ranges.",
  ),
  local: boolean('If true, set resources will NOT contact api-server but run locally.'),
  requests: text(
    "The resource requirement requests for this container.  For example, 'cpu=100m,memory=256Mi'.  Note that server side components may assign requests depending on the server configuration, such as limit ranges.",
  ),
  record,
}

/** `kubectl set resources`: update resource requests/limits on objects with pod templates. */
export const setResources = defineCommand({
  name: 'resources',
  summary: 'Update resource requests/limits on objects with pod templates',
  description: `Specify compute resource requirements (CPU, memory) for any resource that defines a pod template.  If a pod is successfully scheduled, it is guaranteed the amount of resource requested, but may burst up to its specified limits.

 For each compute resource, if a limit is specified and a request is omitted, the request will default to the limit.

 Possible resources include (case insensitive): Use "kubectl api-resources" for a complete list of supported resources..`,
  examples: `  # Set a deployments nginx container cpu limits to "200m" and memory to "512Mi"
  kubectl set resources deployment nginx -c=nginx --limits=cpu=200m,memory=512Mi

  # Set the resource request and limits for all containers in nginx
  kubectl set resources deployment nginx --limits=cpu=200m,memory=512Mi --requests=cpu=100m,memory=256Mi

  # Remove the resource requests for resources on containers in nginx
  kubectl set resources deployment nginx --limits=cpu=0,memory=0 --requests=cpu=0,memory=0

  # Print the result (in yaml format) of updating nginx container limits from a local, without hitting the server
  kubectl set resources -f path/to/file.yaml --limits=cpu=200m,memory=512Mi --local -o yaml`,
  usage: '(-f FILENAME | TYPE NAME)  ([--limits=LIMITS & --requests=REQUESTS]',
  flags,
  complete: 'resource',
  async run(invocation) {
    const { flags, args } = invocation
    if (flags.all && flags.selector) throw new Failure('cannot set --all and --selector at the same time')
    const limits = parseResources(flags.limits)
    const requests = parseResources(flags.requests)
    await updateSpecs(invocation, {
      resources: args,
      flags,
      operation: 'resource requirements updated',
      subject: 'resources update to pod template',
      check() {
        if (!flags.limits && !flags.requests) {
          throw new Failure('you must specify an update to requests or limits (in the form of --requests/--limits)')
        }
      },
      change(object) {
        const spec = podSpecOf(object)
        if (!spec) throw withoutPods(object)
        const containers = [...(spec.initContainers ?? []), ...spec.containers]
        const chosen = containersNamed(containers, flags.containers)
        if (chosen.length === 0) throw new Failure(`unable to find container named ${flags.containers}`)
        for (const container of chosen) {
          const resources = { ...container.resources }
          if (limits) resources.limits = { ...resources.limits, ...limits }
          if (requests) resources.requests = { ...resources.requests, ...requests }
          container.resources = resources
        }
      },
    })
  },
})
