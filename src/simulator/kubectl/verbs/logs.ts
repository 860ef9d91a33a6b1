import type { Pod } from '../../cluster/kinds/pod.ts'
import { defineCommand } from '../command.ts'
import { Failure, isNotFound } from '../failure.ts'
import { boolean, duration, integer, text } from '../flags/flag.ts'
import { selector } from '../flags/selecting.ts'
import type { Invocation } from '../invocation.ts'
import { chosenContainer, containerNames } from '../streams/chosenContainer.ts'
import { chosenPod, podsOf } from '../streams/chosenPod.ts'
import { readText } from '../streams/text.ts'

const flags = {
  selector,
  'all-containers': boolean("Get all containers' logs in the pod(s)."),
  'all-pods': boolean('Get logs from all pod(s). Sets prefix to true.'),
  container: text('Print the logs of this container', '', { short: 'c' }),
  follow: boolean('Specify if the logs should be streamed.', false, { short: 'f' }),
  'ignore-errors': boolean('If watching / following pod logs, allow for any errors that occur to be non-fatal'),
  'insecure-skip-tls-verify-backend': boolean(
    'Skip verifying the identity of the kubelet that logs are requested from.  In theory, an attacker could provide invalid log content back. You might want to use this if your kubelet serving certificates have expired.',
  ),
  'limit-bytes': integer('Maximum bytes of logs to return. Defaults to no limit.'),
  'max-log-requests': integer(
    'Specify maximum number of concurrent logs to follow when using by a selector. Defaults to 5.',
    5,
  ),
  'pod-running-timeout': duration(
    'The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running',
    20000,
    '20s',
  ),
  prefix: boolean('Prefix each log line with the log source (pod name and container name)'),
  previous: boolean(
    'If true, print the logs for the previous instance of the container in a pod if it exists.',
    false,
    { short: 'p' },
  ),
  since: duration(
    'Only return logs newer than a relative duration like 5s, 2m, or 3h. Defaults to all logs. Only one of since-time / since may be used.',
    0,
    '0s',
  ),
  'since-time': text(
    'Only return logs after a specific date (RFC3339). Defaults to all logs. Only one of since-time / since may be used.',
  ),
  tail: integer(
    'Lines of recent log file to display. Defaults to -1 with no selector, showing all log lines otherwise 10, if a selector is provided.',
    -1,
  ),
  timestamps: boolean('Include timestamps on each line in the log output'),
}

/** `kubectl logs`: print the logs for a container in a pod. */
export const logs = defineCommand({
  name: 'logs',
  summary: 'Print the logs for a container in a pod',
  description:
    'Print the logs for a container in a pod or specified resource. If the pod has only one container, the container name is optional.',
  examples: `  # Return snapshot logs from pod nginx with only one container
  kubectl logs nginx

  # Return snapshot logs from pod nginx, prefixing each line with the source pod and container name
  kubectl logs nginx --prefix

  # Return snapshot logs from pod nginx, limiting output to 500 bytes
  kubectl logs nginx --limit-bytes=500

  # Return snapshot logs from pod nginx, waiting up to 20 seconds for it to start running.
  kubectl logs nginx --pod-running-timeout=20s

  # Return snapshot logs from pod nginx with multi containers
  kubectl logs nginx --all-containers=true

  # Return snapshot logs from all pods in the deployment nginx
  kubectl logs deployment/nginx --all-pods=true

  # Return snapshot logs from all containers in pods defined by label app=nginx
  kubectl logs -l app=nginx --all-containers=true

  # Return snapshot logs from all pods defined by label app=nginx, limiting concurrent log requests to 10 pods
  kubectl logs -l app=nginx --max-log-requests=10

  # Return snapshot of previous terminated ruby container logs from pod web-1
  kubectl logs -p -c ruby web-1

  # Begin streaming the logs from pod nginx, continuing even if errors occur
  kubectl logs nginx -f --ignore-errors=true

  # Begin streaming the logs of the ruby container in pod web-1
  kubectl logs -f -c ruby web-1

  # Begin streaming the logs from all containers in pods defined by label app=nginx
  kubectl logs -f -l app=nginx --all-containers=true

  # Display only the most recent 20 lines of output in pod nginx
  kubectl logs --tail=20 nginx

  # Show all logs from pod nginx written in the last hour
  kubectl logs --since=1h nginx

  # Show all logs with timestamps from pod nginx starting from August 30, 2024, at 06:00:00 UTC
  kubectl logs nginx --since-time=2024-08-30T06:00:00Z --timestamps=true

  # Show logs from a kubelet with an expired serving certificate
  kubectl logs --insecure-skip-tls-verify-backend nginx

  # Return snapshot logs from first container of a job named hello
  kubectl logs job/hello

  # Return snapshot logs from container nginx-1 of a deployment named nginx
  kubectl logs deployment/nginx -c nginx-1`,
  usage: '[-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]',
  flags,
  complete: 'pods',
  async run(invocation) {
    const { flags } = invocation
    checkLogFlags(invocation)
    const pods = await chosenPods(invocation)
    const isMany = pods.length > 1 || flags.selector !== '' || flags['all-pods']
    const sources: LogSource[] = []
    for (const pod of pods) sources.push(...(await sourcesOf(invocation, pod, isMany)))
    if (flags.follow && sources.length > flags['max-log-requests'])
      throw new Failure(
        `you are attempting to follow ${sources.length} log streams, but maximum allowed concurrency is ${flags['max-log-requests']}, use --max-log-requests to increase the limit`,
      )
    const tail = invocation.has('tail') ? flags.tail : flags.selector !== '' ? 10 : -1
    const hasPrefix = flags.prefix || flags['all-pods']
    for (const source of sources) {
      if (flags.follow && sources.length > 1)
        invocation.process.thread(() => printLog(invocation, source, tail, hasPrefix))
      else await printLog(invocation, source, tail, hasPrefix)
    }
    if (flags.follow && sources.length > 1) await invocation.process.wait<void>(() => {})
  },
})

type Logs = Invocation<typeof flags>

interface LogSource {
  readonly pod: Pod
  readonly container: string
}

function checkLogFlags({ args, flags }: Logs): void {
  const misused =
    "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command\nSee 'kubectl logs -h' for help and examples"
  if ((args.length === 0 && flags.selector === '') || args.length > 2) throw new Failure(misused)
  if (flags.selector !== '' && args.length > 0)
    throw new Failure("only a selector (-l) or a POD name is allowed\nSee 'kubectl logs -h' for help and examples")
  if (flags.since !== 0 && flags['since-time'] !== '')
    throw new Failure('at most one of `sinceTime` or `sinceSeconds` may be specified')
  if (flags.since < 0) throw new Failure('--since must be greater than 0')
  if (flags.tail < -1) throw new Failure('--tail must be greater than or equal to -1')
  if (flags['limit-bytes'] < 0) throw new Failure('--limit-bytes must be greater than 0')
  if (flags['all-containers'] && flags.container !== '')
    throw new Failure('--all-containers=true should not be specified with container name')
}

async function chosenPods(invocation: Logs): Promise<Pod[]> {
  const { args, api, flags, namespace } = invocation
  const resources = await invocation.resources()
  if (flags.selector !== '') {
    const { items } = await api.list(resources.ofKind('v1', 'Pod'), namespace, { labelSelector: flags.selector })
    if (items.length === 0) await invocation.warn(`No resources found in ${namespace} namespace.`)
    return items as unknown as Pod[]
  }
  const [type = '', name] = args[0]!.split('/')
  if (name === '') throw new Failure('arguments in resource/name form must have a single resource and name')
  if (name === undefined || !flags['all-pods']) {
    const timeout = flags['pod-running-timeout']
    const pod = await found(invocation, chosenPod(invocation, args[0]!, timeout))
    if (name !== undefined && resources.named(type).kind !== 'Pod') await tellChoice(invocation, pod)
    return [pod]
  }
  const resource = resources.named(type)
  return podsOf(invocation, await found(invocation, api.getNamed(resource, namespace, name)), resource)
}

/** A pod that is not there is told in other words than elsewhere. */
async function found<T>(invocation: Logs, search: Promise<T>): Promise<T> {
  try {
    return await search
  } catch (error) {
    if (!isNotFound(error)) throw error
    const { message } = error as Failure
    throw new Failure(`error from server (NotFound): ${message} in namespace "${invocation.namespace}"`)
  }
}

/** Of several pods of a workload one is taken, and that is said. */
async function tellChoice(invocation: Logs, pod: Pod): Promise<void> {
  const [type = '', name = ''] = invocation.args[0]!.split('/')
  const resource = (await invocation.resources()).named(type)
  const all = await podsOf(invocation, await invocation.api.get(resource, invocation.namespace, name), resource)
  if (all.length > 1) await invocation.warn(`Found ${all.length} pods, using pod/${pod.metadata.name}`)
}

async function sourcesOf(invocation: Logs, pod: Pod, isMany: boolean): Promise<LogSource[]> {
  const { args, flags } = invocation
  if (flags['all-containers']) {
    const inits = (pod.spec.initContainers ?? []).map(({ name }) => name)
    const others = containerNames(pod)
      .map(({ name }) => name)
      .filter(name => !inits.includes(name))
    return [...inits, ...others].map(container => ({ pod, container }))
  }
  const wanted = flags.container || (isMany ? '' : (args[1] ?? ''))
  return [{ pod, container: await chosenContainer(invocation, pod, wanted, false) }]
}

async function printLog(
  invocation: Logs,
  { pod, container }: LogSource,
  tail: number,
  hasPrefix: boolean,
): Promise<void> {
  const { flags, process } = invocation
  const { name, namespace } = pod.metadata
  const query = {
    container,
    follow: flags.follow ? 'true' : undefined,
    previous: flags.previous ? 'true' : undefined,
    timestamps: flags.timestamps ? 'true' : undefined,
    sinceSeconds: flags.since > 0 ? String(Math.ceil(flags.since / 1000)) : undefined,
    sinceTime: flags['since-time'] || undefined,
    tailLines: tail >= 0 ? String(tail) : undefined,
    limitBytes: flags['limit-bytes'] > 0 ? String(flags['limit-bytes']) : undefined,
  }
  const { stream } = await invocation.api.request('GET', `/api/v1/namespaces/${namespace}/pods/${name}/log`, { query })
  if (!stream) return
  const prefix = hasPrefix ? `[pod/${name}/${container}] ` : ''
  for await (const text of readText(process, stream))
    await process.write(prefix ? text.replace(/(?:^|(?<=\n))(?=[\s\S])/g, prefix) : text)
}
