import { defineCommand } from '../../command.ts'
import { Failure } from '../../failure.ts'
import { boolean, text } from '../../flags/flag.ts'
import { base64 } from '../../objects/bytes.ts'

const flags = {
  'certificate-authority': text('Path to certificate-authority file for the cluster entry in kubeconfig'),
  'embed-certs': boolean('embed-certs for the cluster entry in kubeconfig'),
  'insecure-skip-tls-verify': boolean('insecure-skip-tls-verify for the cluster entry in kubeconfig'),
  'proxy-url': text('proxy-url for the cluster entry in kubeconfig'),
  server: text('server for the cluster entry in kubeconfig'),
  'tls-server-name': text('tls-server-name for the cluster entry in kubeconfig'),
}

/** `kubectl config set-cluster`: set a cluster entry in kubeconfig. */
export const configSetCluster = defineCommand({
  name: 'set-cluster',
  summary: 'Set a cluster entry in kubeconfig',
  description: `Set a cluster entry in kubeconfig.

 Specifying a name that already exists will merge new fields on top of existing values for those fields.`,
  examples: `  # Set only the server field on the e2e cluster entry without touching other values
  kubectl config set-cluster e2e --server=https://1.2.3.4

  # Embed certificate authority data for the e2e cluster entry
  kubectl config set-cluster e2e --embed-certs --certificate-authority=~/.kube/e2e/kubernetes.ca.crt

  # Disable cert checking for the e2e cluster entry
  kubectl config set-cluster e2e --insecure-skip-tls-verify=true

  # Set the custom TLS server name to use for validation for the e2e cluster entry
  kubectl config set-cluster e2e --tls-server-name=my-cluster-name

  # Set the proxy URL for the e2e cluster entry
  kubectl config set-cluster e2e --proxy-url=https://1.2.3.4`,
  usage:
    'NAME [--server=server] [--certificate-authority=path/to/certificate/authority] [--insecure-skip-tls-verify=true] [--tls-server-name=example.com]',
  flags,
  async run(invocation) {
    const { args, config, flags, process } = invocation
    const [name, ...more] = args
    if (name === undefined || more.length > 0) throw new Failure(`Unexpected args: [${args.join(' ')}]`)
    const entry: Record<string, unknown> = { ...config.kubeconfig.clusters.get(name) }
    for (const key of ['server', 'tls-server-name', 'proxy-url', 'insecure-skip-tls-verify'] as const)
      if (invocation.has(key)) entry[key] = flags[key]
    const authority = flags['certificate-authority']
    if (authority && flags['embed-certs'])
      entry['certificate-authority-data'] = base64(process.files.readText(process.path(authority)))
    else if (authority) entry['certificate-authority'] = process.path(authority)
    config.files.change('clusters', name, entry)
    await invocation.print(`Cluster "${name}" set.\n`)
  },
})
