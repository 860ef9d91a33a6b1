import { defineCommand } from '../../command.ts'
import { demandFile, fileOrData } from '../../config/certificates.ts'
import type { Entry } from '../../config/fields.ts'
import { Failure, Misuse } from '../../failure.ts'
import { boolean, text } from '../../flags/flag.ts'
import type { Invocation } from '../../invocation.ts'

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
    const { args, config } = invocation
    const [name] = args
    if (name === undefined || args.length > 1) throw new Misuse(`Unexpected args: [${args.join(' ')}]`)
    check(invocation, name)
    config.files.change('clusters', name, changed(invocation, config.kubeconfig.clusters.get(name) ?? {}))
    await invocation.print(`Cluster "${name}" set.\n`)
  },
})

type SetCluster = Invocation<typeof flags>

function check({ flags, process }: SetCluster, name: string): void {
  const authority = flags['certificate-authority']
  if (name === '') throw new Failure('you must specify a non-empty cluster name')
  if (flags['insecure-skip-tls-verify'] && authority) {
    throw new Failure('you cannot specify a certificate authority and insecure mode at the same time')
  }
  if (!flags['embed-certs']) return
  if (authority === '') throw new Failure('you must specify a --certificate-authority to embed')
  demandFile(process, 'certificate-authority', authority)
}

/** The cluster with what flags say; one way to trust a server takes the place of another. */
function changed(invocation: SetCluster, before: Entry): Entry {
  const { flags, process } = invocation
  const entry: Record<string, unknown> = { ...before }
  if (invocation.has('server')) {
    entry['server'] = flags.server
    delete entry['tls-server-name']
  }
  for (const key of ['tls-server-name', 'proxy-url'] as const) if (invocation.has(key)) entry[key] = flags[key]
  if (invocation.has('insecure-skip-tls-verify')) {
    entry['insecure-skip-tls-verify'] = flags['insecure-skip-tls-verify']
    if (flags['insecure-skip-tls-verify']) {
      delete entry['certificate-authority']
      delete entry['certificate-authority-data']
    }
  }
  const authority = flags['certificate-authority']
  if (!invocation.has('certificate-authority')) return entry
  delete entry['insecure-skip-tls-verify']
  return { ...entry, ...fileOrData(process, 'certificate-authority', authority, flags['embed-certs']) }
}
