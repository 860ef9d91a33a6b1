import type { Pod } from '../../../cluster/kinds/pod.ts'
import { defineCommand } from '../../command.ts'
import { Failure } from '../../failure.ts'
import { boolean, duration, list, text } from '../../flags/flag.ts'
import { templateFlags } from '../../flags/printing.ts'
import type { Invocation } from '../../invocation.ts'
import { printerFor } from '../../output/printer.ts'
import type { AnyObject } from '../../server/object.ts'
import { pathOf } from '../../server/resource.ts'
import { containerNames } from '../../streams/chosenContainer.ts'
import { readText } from '../../streams/text.ts'

const flags = {
  ...templateFlags,
  'all-namespaces': boolean('If true, dump all namespaces.  If true, --namespaces is ignored.', false, { short: 'A' }),
  namespaces: list('A comma separated list of namespaces to dump.'),
  output: text(
    'Output format. One of: (json, yaml, kyaml, name, go-template, go-template-file, template, templatefile, jsonpath, jsonpath-as-json, jsonpath-file).',
    'json',
    { short: 'o' },
  ),
  'output-directory': text(
    "Where to output the files.  If empty or '-' uses stdout, otherwise creates a directory hierarchy in that directory",
  ),
  'pod-running-timeout': duration(
    'The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running',
    20000,
    '20s',
  ),
}

/** `kubectl cluster-info dump`: dump relevant information for debugging and diagnosis. */
export const clusterInfoDump = defineCommand({
  name: 'dump',
  summary: 'Dump relevant information for debugging and diagnosis',
  description: `Dump cluster information out suitable for debugging and diagnosing cluster problems.  By default, dumps everything to stdout. You can optionally specify a directory with --output-directory.  If you specify a directory, Kubernetes will build a set of files in that directory.  By default, only dumps things in the current namespace and 'kube-system' namespace, but you can switch to a different namespace with the --namespaces flag, or specify --all-namespaces to dump all namespaces.

 The command also dumps the logs of all of the pods in the cluster; these logs are dumped into different directories based on namespace and pod name.`,
  examples: `  # Dump current cluster state to stdout
  kubectl cluster-info dump

  # Dump current cluster state to /path/to/cluster-state
  kubectl cluster-info dump --output-directory=/path/to/cluster-state

  # Dump all namespaces to stdout
  kubectl cluster-info dump --all-namespaces

  # Dump a set of namespaces to /path/to/cluster-state
  kubectl cluster-info dump --namespaces default,kube-system --output-directory=/path/to/cluster-state`,
  usage: '[flags]',
  flags,
  async run(invocation) {
    invocation.config.check()
    const { api, flags } = invocation
    const resources = await invocation.resources()
    await write(invocation, 'nodes', await api.read(pathOf(resources.ofKind('v1', 'Node'))))
    for (const namespace of await namespacesOf(invocation)) {
      for (const [apiVersion, kind, name] of dumped) {
        const list = await api.read(pathOf(resources.ofKind(apiVersion, kind), namespace))
        await write(invocation, `${namespace}/${name}`, list)
      }
      const { items } = await api.list(resources.ofKind('v1', 'Pod'), namespace)
      for (const pod of items as unknown as Pod[]) await writeLogs(invocation, pod)
    }
    if (isToFiles(flags['output-directory'])) {
      await invocation.print(`Cluster info dumped to ${flags['output-directory']}\n`)
    }
  },
})

type Dump = Invocation<typeof flags>

/** What is dumped of each namespace, and the names of the files. */
const dumped = [
  ['v1', 'Event', 'events'],
  ['v1', 'ReplicationController', 'replication-controllers'],
  ['v1', 'Service', 'services'],
  ['apps/v1', 'DaemonSet', 'daemonsets'],
  ['apps/v1', 'Deployment', 'deployments'],
  ['apps/v1', 'ReplicaSet', 'replicasets'],
  ['v1', 'Pod', 'pods'],
] as const

function isToFiles(directory: string): boolean {
  return directory !== '' && directory !== '-'
}

async function namespacesOf(invocation: Dump): Promise<readonly string[]> {
  const { api, flags, namespace } = invocation
  if (flags['all-namespaces']) {
    const { items } = await api.list((await invocation.resources()).ofKind('v1', 'Namespace'))
    return items.map(({ metadata }) => metadata.name ?? '')
  }
  if (flags.namespaces.length > 0) return flags.namespaces
  return [...new Set(['kube-system', namespace])]
}

async function write(invocation: Dump, name: string, list: AnyObject): Promise<void> {
  const { flags, process } = invocation
  await place(
    invocation,
    `${name}.${flags.output || 'json'}`,
    printerFor(process, flags, { isTyped: true }).print(list),
  )
}

/** Puts text where the dump goes: to a file, or to stdout. */
async function place(invocation: Dump, name: string, text: string): Promise<void> {
  const { flags, process } = invocation
  const directory = flags['output-directory']
  if (!isToFiles(directory)) return invocation.print(text)
  const path = process.path(`${directory}/${name}`)
  const folder = path.slice(0, path.lastIndexOf('/')) || '/'
  if (!process.files.exists(folder)) process.files.mkdir(folder, { parents: true })
  process.files.append(path, text)
}

async function writeLogs(invocation: Dump, pod: Pod): Promise<void> {
  const { name, namespace } = pod.metadata
  for (const { name: container } of containerNames(pod)) {
    const where = `container ${container} of pod ${namespace}/${name}`
    const text = await logOf(invocation, pod, container)
    await place(
      invocation,
      `${namespace}/${name}/logs.txt`,
      `==== START logs for ${where} ====\n${text}==== END logs for ${where} ====\n`,
    )
  }
}

async function logOf(invocation: Dump, { metadata }: Pod, container: string): Promise<string> {
  const path = `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}/log`
  try {
    const { stream } = await invocation.api.request('GET', path, { query: { container } })
    let text = ''
    if (stream) for await (const piece of readText(invocation.process, stream)) text += piece
    return text
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return `Request log error: ${error.message}\n`
  }
}
