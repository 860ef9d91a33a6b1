import type { Client } from '../client.ts'
import { daemonImage } from '../images/image.ts'
import { clusterRole } from '../kinds/clusterRole.ts'
import { deployment } from '../kinds/deployment.ts'
import { serviceAccount } from '../kinds/serviceAccount.ts'
import { ensure } from '../manifest/ensure.ts'
import { readRoles } from '../manifest/readRoles.ts'
import { createCloudController } from './cloudProvider/serviceController.ts'
import type { OptionalAddon } from './optional.ts'
import { bindRole } from './rbac.ts'

const namespace = 'kube-system'
const name = 'cloud-controller-manager'
const image = 'registry.k8s.io/cloud-provider/cloud-controller-manager'
const version = 'v1.36.0'

const roles = `
system:cloud-controller-manager
  create patch update | core | events
  get list watch | core | nodes
  get list watch patch update | core | services
  patch update | core | services/status
`

/** A cloud around the cluster: its controller gets a load balancer on the LAN for each Service that wants one. */
// Simplified: of a cloud controller manager only the service controller is there.
export const cloudProvider: OptionalAddon = {
  name: 'cloud-provider',
  images: [daemonImage({ repository: image, tags: [version], size: 24_500_000, path: `/${name}` })],
  programs({ clientOf, machine }) {
    const program = createCloudController({ client: clientOf(`${namespace}:${name}`), machine })
    return new Map([[program.name, program]])
  },
  install,
}

function install(client: Client): void {
  const labels = { 'k8s-app': name }
  ensure(client, serviceAccount, { metadata: { name, namespace } })
  for (const { name: role, rules } of readRoles(roles)) {
    ensure(client, clusterRole, { metadata: { name: role }, rules })
    bindRole(client, role, role, [{ kind: 'ServiceAccount', name, namespace }])
  }
  ensure(client, deployment, {
    metadata: { name, namespace, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: name,
          hostNetwork: true,
          priorityClassName: 'system-cluster-critical',
          nodeSelector: { 'node-role.kubernetes.io/control-plane': '' },
          tolerations: [
            { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' },
            { key: 'node.cloudprovider.kubernetes.io/uninitialized', value: 'true', effect: 'NoSchedule' },
          ],
          containers: [
            {
              name,
              image: `${image}:${version}`,
              command: [`/${name}`, '--cloud-provider=lan', '--leader-elect=false', '--controllers=service'],
            },
          ],
        },
      },
    },
  })
}
