import { defineCommand } from '../command.ts'
import { Failure } from '../failure.ts'
import { dryRun, fieldManager, record, saveConfig } from '../flags/changing.ts'
import { fileFlags } from '../flags/files.ts'
import { text } from '../flags/flag.ts'
import { outputFlags } from '../flags/printing.ts'
import type { Invocation } from '../invocation.ts'
import { withChangeCause } from '../objects/changeCause.ts'
import { dryRunOf, dryRunQuery, withDryRun } from '../objects/dryRun.ts'
import { lastApplied } from '../objects/lastApplied.ts'
import { overridden } from '../objects/overrides.ts'
import { parseLabels } from '../objects/pairs.ts'
import { podSpecOf } from '../objects/podTemplate.ts'
import { Selection } from '../objects/selection.ts'
import { parseAtoi } from '../objects/servicePorts.ts'
import { printerFor } from '../output/printer.ts'
import { type AnyObject, valueAt } from '../server/object.ts'

const flags = {
  ...outputFlags,
  ...fileFlags('Filename, directory, or URL to files identifying the resource to expose a service'),
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-expose'),
  'save-config': saveConfig,
  'cluster-ip': text(
    "ClusterIP to be assigned to the service. Leave empty to auto-allocate, or set to 'None' to create a headless service.",
  ),
  'external-ip': text(
    'Additional external IP address (not managed by Kubernetes) to accept for the service. If this IP is routed to a node, the service can be accessed by this IP in addition to its generated service IP.',
  ),
  labels: text('Labels to apply to the service created by this call.', '', { short: 'l' }),
  'load-balancer-ip': text(
    'IP to assign to the LoadBalancer. If empty, an ephemeral IP will be created and used (cloud-provider specific).',
  ),
  name: text('The name for the newly created object.'),
  'override-type': text('The method used to override the generated object: json, merge, or strategic.', 'merge'),
  overrides: text(
    'An inline JSON override for the generated object. If this is non-empty, it is used to override the generated object. Requires that the object supply a valid apiVersion field.',
  ),
  port: text('The port that the service should serve on. Copied from the resource being exposed, if unspecified'),
  protocol: text("The network protocol for the service to be created. Default is 'TCP'."),
  selector: text(
    'A label selector to use for this service. Only equality-based selector requirements are supported. If empty (the default) infer the selector from the resource being exposed.',
  ),
  'session-affinity': text(
    "If non-empty, set the session affinity for the service to this; legal values: 'None', 'ClientIP'",
  ),
  'target-port': text(
    'Name or number for the port on the container that the service should direct traffic to. Optional.',
  ),
  type: text("Type for this service: ClusterIP, NodePort, LoadBalancer, or ExternalName. Default is 'ClusterIP'."),
  record,
}

/** `kubectl expose`: take a replication controller, service, deployment or pod and expose it as a new Kubernetes service. */
export const expose = defineCommand({
  name: 'expose',
  summary: 'Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service',
  description: `Expose a resource as a new Kubernetes service.

 Looks up a deployment, service, replica set, replication controller or pod by name and uses the selector for that resource as the selector for a new service on the specified port. A deployment or replica set will be exposed as a service only if its selector is convertible to a selector that service supports, i.e. when the selector contains only the matchLabels component. Note that if no port is specified via --port and the exposed resource has multiple ports, all will be re-used by the new service. Also if no labels are specified, the new service will re-use the labels from the resource it exposes.

 Possible resources include (case insensitive):

 pod (po), service (svc), replicationcontroller (rc), deployment (deploy), replicaset (rs)`,
  examples: `  # Create a service for a replicated nginx, which serves on port 80 and connects to the containers on port 8000
  kubectl expose rc nginx --port=80 --target-port=8000

  # Create a service for a replication controller identified by type and name specified in "nginx-controller.yaml", which serves on port 80 and connects to the containers on port 8000
  kubectl expose -f nginx-controller.yaml --port=80 --target-port=8000

  # Create a service for a pod valid-pod, which serves on port 444 with the name "frontend"
  kubectl expose pod valid-pod --port=444 --name=frontend

  # Create a second service based on the above service, exposing the container port 8443 as port 443 with the name "nginx-https"
  kubectl expose service nginx --port=443 --target-port=8443 --name=nginx-https

  # Create a service for a replicated streaming application on port 4100 balancing UDP traffic and named 'video-stream'.
  kubectl expose rc streamer --port=4100 --protocol=UDP --name=video-stream

  # Create a service for a replicated nginx using replica set, which serves on port 80 and connects to the containers on port 8000
  kubectl expose rs nginx --port=80 --target-port=8000

  # Create a service for an nginx deployment, which serves on port 80 and connects to the containers on port 8000
  kubectl expose deployment nginx --port=80 --target-port=8000`,
  usage:
    '(-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name] [--name=name] [--external-ip=external-ip-of-service] [--type=type]',
  flags,
  complete: { types: ['pod', 'service', 'replicationcontroller', 'deployment', 'replicaset'] },
  async run(invocation) {
    invocation.config.check()
    const { flags, args, api } = invocation
    const dryRun = dryRunOf(flags)
    const selection = await Selection.of(invocation, {
      args,
      filenames: flags.filename,
      kustomize: flags.kustomize,
      isRecursive: flags.recursive,
    })
    const printer = printerFor(invocation.process, flags, {
      operation: withDryRun('exposed', dryRun),
      isTyped: dryRun === 'client',
    })
    await selection.each(
      async ({ object, name, namespace, resource }) => {
        const exposable = ['Pod', 'Service', 'ReplicationController', 'Deployment', 'ReplicaSet']
        if (!exposable.includes(object.kind))
          throw new Failure(`cannot expose a ${object.kind}${resource.group ? `.${resource.group}` : ''}`)
        const made = withChangeCause(invocation, serviceFor(invocation, object, name))
        const service = flags['save-config'] ? lastApplied.added(made) : made
        if (dryRun === 'client') return invocation.print(printer.print(service))
        const services = (await invocation.resources()).named('services')
        const created = await api.create(
          services,
          namespace,
          { ...service, metadata: { ...service.metadata, namespace } },
          { fieldManager: flags['field-manager'], ...dryRunQuery(dryRun) },
        )
        await invocation.print(printer.print(created))
      },
      { isLatest: true },
    )
    return 0
  },
})

type Expose = Invocation<typeof flags>

/** The service that exposes an object, made of its selector, its ports and the flags. */
function serviceFor(invocation: Expose, object: AnyObject, name: string): AnyObject {
  const { flags } = invocation
  const selector = flags.selector ? parseLabels(flags.selector) : selectorOf(object)
  const headless = flags['cluster-ip'] === 'None'
  const found = portsOf(object)
  const ports = flags.port ? flags.port.split(',') : found.map(({ port }) => String(port))
  if (ports.length === 0 && !headless) throw new Failure("couldn't find port via --port flag or introspection")
  const labels = flags.labels ? parseLabels(flags.labels) : object.metadata.labels
  const spec = {
    ...(ports.length > 0 && { ports: ports.map((port, i) => servicePort(invocation, port, i, ports.length, found)) }),
    selector,
    ...(flags['cluster-ip'] && { clusterIP: flags['cluster-ip'] }),
    ...(flags.type && { type: flags.type }),
    ...(flags['external-ip'] && { externalIPs: [flags['external-ip']] }),
    ...(flags['session-affinity'] && { sessionAffinity: flags['session-affinity'] }),
    ...(flags['load-balancer-ip'] && { loadBalancerIP: flags['load-balancer-ip'] }),
  }
  const service = {
    kind: 'Service',
    apiVersion: 'v1',
    metadata: { name: (flags.name || name).slice(0, 63), ...(labels && Object.keys(labels).length > 0 && { labels }) },
    spec,
    status: { loadBalancer: {} },
  }
  return overridden(service, flags.overrides, flags['override-type'])
}

function servicePort(
  { flags: given }: Expose,
  text: string,
  index: number,
  count: number,
  found: readonly { port: number; protocol: string }[],
): object {
  const port = parseAtoi(text)
  const target = given['target-port']
  return {
    ...(count > 1 && { name: `port-${index + 1}` }),
    protocol: given.protocol || (found.find(each => each.port === port)?.protocol ?? 'TCP'),
    port,
    targetPort: target ? (/^\d+$/.test(target) ? Number(target) : target) : port,
  }
}

function selectorOf(object: AnyObject): Record<string, string> {
  const { kind } = object
  const lacking = (what: string) =>
    new Failure(`couldn't retrieve selectors via --selector flag or introspection: ${what}`)
  if (kind === 'Pod') {
    const labels = object.metadata.labels ?? {}
    if (Object.keys(labels).length === 0) throw lacking('the pod has no labels and cannot be exposed')
    return labels
  }
  if (kind === 'Service' || kind === 'ReplicationController') {
    const selector = valueAt(object, 'spec', 'selector') as Record<string, string> | undefined
    if (!selector || Object.keys(selector).length === 0)
      throw lacking(`the ${kind === 'Service' ? 'service' : 'replication controller'} has no pod selector set`)
    return selector
  }
  const selector = valueAt(object, 'spec', 'selector') as
    | { matchLabels?: Record<string, string>; matchExpressions?: unknown[] }
    | undefined
  if (selector?.matchExpressions?.length) {
    throw lacking(
      `couldn't convert expressions - "${JSON.stringify(selector.matchExpressions)}" to map-based selector format`,
    )
  }
  const labels = selector?.matchLabels ?? {}
  if (Object.keys(labels).length === 0) throw lacking('invalid deployment: no selectors, therefore cannot be exposed')
  return labels
}

function portsOf(object: AnyObject): { port: number; protocol: string }[] {
  if (object.kind === 'Service') {
    const ports = (valueAt(object, 'spec', 'ports') ?? []) as { port: number; protocol?: string }[]
    return ports.map(({ port, protocol }) => ({ port, protocol: protocol ?? 'TCP' }))
  }
  return (podSpecOf(object)?.containers ?? []).flatMap(({ ports = [] }) =>
    ports.map(({ containerPort, protocol }) => ({ port: containerPort, protocol: protocol ?? 'TCP' })),
  )
}
