import type { Service } from '../../cluster/kinds/service.ts'
import { defineCommand } from '../command.ts'
import { Failure } from '../failure.ts'
import { duration, list } from '../flags/flag.ts'
import type { Invocation } from '../invocation.ts'
import { chosenPod } from '../streams/chosenPod.ts'
import { addressesOf, ofPod, parsePortPair, throughService } from '../streams/forwardedPorts.ts'
import { Forwarding } from '../streams/forwarding.ts'

const flags = {
  address: list(
    'Addresses to listen on (comma separated). Only accepts IP addresses or localhost as a value. When localhost is supplied, kubectl will try to bind on both 127.0.0.1 and ::1 and will fail if neither of these addresses are available to bind.',
    ['localhost'],
  ),
  'pod-running-timeout': duration(
    'The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running',
    60000,
    '1m0s',
  ),
}

/** `kubectl port-forward`: forward one or more local ports to a pod. */
export const portForward = defineCommand({
  name: 'port-forward',
  summary: 'Forward one or more local ports to a pod',
  description: `Forward one or more local ports to a pod.

 Use resource type/name such as deployment/mydeployment to select a pod. Resource type defaults to 'pod' if omitted.

 If there are multiple pods matching the criteria, a pod will be selected automatically. The forwarding session ends when the selected pod terminates, and a rerun of the command is needed to resume forwarding.`,
  examples: `  # Listen on ports 5000 and 6000 locally, forwarding data to/from ports 5000 and 6000 in the pod
  kubectl port-forward pod/mypod 5000 6000

  # Listen on ports 5000 and 6000 locally, forwarding data to/from ports 5000 and 6000 in a pod selected by the deployment
  kubectl port-forward deployment/mydeployment 5000 6000

  # Listen on port 8443 locally, forwarding to the targetPort of the service's port named "https" in a pod selected by the service
  kubectl port-forward service/myservice 8443:https

  # Listen on port 8888 locally, forwarding to 5000 in the pod
  kubectl port-forward pod/mypod 8888:5000

  # Listen on port 8888 on all addresses, forwarding to 5000 in the pod
  kubectl port-forward --address 0.0.0.0 pod/mypod 8888:5000

  # Listen on port 8888 on localhost and selected IP, forwarding to 5000 in the pod
  kubectl port-forward --address localhost,10.19.21.23 pod/mypod 8888:5000

  # Listen on a random port locally, forwarding to 5000 in the pod
  kubectl port-forward pod/mypod :5000`,
  usage: 'TYPE/NAME [options] [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N]',
  flags,
  complete: 'pods',
  async run(invocation) {
    const { args, flags } = invocation
    const [target, ...ports] = args
    if (target === undefined || ports.length === 0)
      throw invocation.usageError('TYPE/NAME and list of ports are required for port-forward')
    const addresses = addressesOf(flags.address)
    const pod = await chosenPod(invocation, target, flags['pod-running-timeout'])
    const service = await serviceNamed(invocation, target)
    const pairs = ports.map(text => parsePortPair(service ? throughService(text, service, pod) : ofPod(text, pod)))
    if (pod.status.phase !== 'Running')
      throw new Failure(`unable to forward port because pod is not running. Current status=${pod.status.phase ?? ''}`)
    const forwarding = new Forwarding(invocation, pod)
    await forwarding.listen(addresses, pairs)
    return forwarding.untilLost()
  },
})

async function serviceNamed(invocation: Invocation, target: string): Promise<Service | undefined> {
  const [type = '', name] = target.split('/')
  if (name === undefined) return undefined
  const resource = (await invocation.resources()).named(type)
  if (resource.kind !== 'Service') return undefined
  return (await invocation.api.get(resource, invocation.namespace, name)) as unknown as Service
}
