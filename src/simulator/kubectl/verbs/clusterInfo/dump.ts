import { defineCommand } from '../../command.ts'
import { boolean, duration, list, text } from '../../flags/flag.ts'
import { templateFlags } from '../../flags/printing.ts'

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
})
