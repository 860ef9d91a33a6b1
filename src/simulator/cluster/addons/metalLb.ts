import type { Client } from '../client.ts'
import { daemonImage } from '../images/image.ts'
import { clusterRole } from '../kinds/clusterRole.ts'
import { configMap } from '../kinds/configMap.ts'
import { customResourceDefinition } from '../kinds/customResourceDefinition.ts'
import { daemonSet } from '../kinds/daemonSet.ts'
import { deployment } from '../kinds/deployment.ts'
import { namespace as namespaceKind } from '../kinds/namespace.ts'
import { serviceAccount } from '../kinds/serviceAccount.ts'
import { definitionOf } from '../manifest/customResource.ts'
import { ensure } from '../manifest/ensure.ts'
import { readRoles } from '../manifest/readRoles.ts'
import { createController } from './metalLb/controller.ts'
import { metalLbKinds } from './metalLb/definitions.ts'
import { namespace } from './metalLb/kinds.ts'
import { Members } from './metalLb/members.ts'
import { createSpeaker } from './metalLb/speaker.ts'
import type { OptionalAddon } from './optional.ts'
import { bindRole } from './rbac.ts'

const version = 'v0.15.2'

const roles = `
metallb-system:controller
  get list watch | core | services namespaces
  get list watch | core | nodes
  update | core | services/status
  create patch | core | events
  get list watch update patch | core | services
  read | metallb.io | ipaddresspools
metallb-system:speaker
  get list watch | core | services endpoints nodes namespaces
  get list watch | discovery.k8s.io | endpointslices
  create patch | core | events
  read | metallb.io | ipaddresspools l2advertisements
`

/** Gives Services of type LoadBalancer addresses of the LAN, and announces them there by ARP. */
// Simplified: layer 2 alone, without the webhook that checks pools when they are written.
export const metalLb: OptionalAddon = {
  name: 'metallb',
  images: ['controller', 'speaker'].map(name =>
    daemonImage({
      repository: `quay.io/metallb/${name}`,
      tags: [version],
      size: name === 'controller' ? 27_640_000 : 53_200_000,
      path: `/${name}`,
    }),
  ),
  programs({ clock, clientOf }) {
    const members = new Members(clock)
    return new Map(
      [
        createController(clientOf(`${namespace}:controller`)),
        createSpeaker(clientOf(`${namespace}:speaker`), members),
      ].map(program => [program.name, program]),
    )
  },
  install,
}

function install(client: Client): void {
  const privileged = Object.fromEntries(
    ['audit', 'enforce', 'warn'].map(mode => [`pod-security.kubernetes.io/${mode}`, 'privileged']),
  )
  ensure(client, namespaceKind, {
    metadata: { name: namespace, labels: privileged },
    spec: { finalizers: ['kubernetes'] },
  })
  for (const kind of metalLbKinds) ensure(client, customResourceDefinition, definitionOf(kind))
  const common = { app: 'metallb' }
  for (const name of ['controller', 'speaker'])
    ensure(client, serviceAccount, { metadata: { name, namespace, labels: common } })
  for (const { name, rules } of readRoles(roles)) {
    ensure(client, clusterRole, { metadata: { name, labels: common }, rules })
    bindRole(client, name, name, [{ kind: 'ServiceAccount', name: name.split(':')[1]!, namespace }])
  }
  ensure(client, configMap, {
    metadata: { name: 'metallb-excludel2', namespace },
    data: {
      'excludel2.yaml':
        'announcedInterfacesToExclude: ["^docker.*", "^cbr.*", "^dummy.*", "^virbr.*", "^lxcbr.*", "^veth.*", "^lo$", "^cali.*", "^tunl.*", "^flannel.*", "^kube-ipvs.*", "^cni.*", "^nodelocaldns.*", "^lxc.*"]\n',
    },
  })
  installController(client, { ...common, component: 'controller' })
  installSpeaker(client, { ...common, component: 'speaker' })
}

function installController(client: Client, labels: Record<string, string>): void {
  ensure(client, deployment, {
    metadata: { name: 'controller', namespace, labels },
    spec: {
      revisionHistoryLimit: 3,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: 'controller',
          terminationGracePeriodSeconds: 0,
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          containers: [
            {
              name: 'controller',
              image: `quay.io/metallb/controller:${version}`,
              args: ['--port=7472', '--log-level=info'],
              ports: [{ containerPort: 7472, name: 'monitoring' }],
            },
          ],
        },
      },
    },
  })
}

function installSpeaker(client: Client, labels: Record<string, string>): void {
  const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } })
  ensure(client, daemonSet, {
    metadata: { name: 'speaker', namespace, labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: 'speaker',
          hostNetwork: true,
          terminationGracePeriodSeconds: 2,
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          tolerations: ['master', 'control-plane'].map(role => ({
            key: `node-role.kubernetes.io/${role}`,
            operator: 'Exists' as const,
            effect: 'NoSchedule' as const,
          })),
          containers: [
            {
              name: 'speaker',
              image: `quay.io/metallb/speaker:${version}`,
              args: ['--port=7472', '--log-level=info'],
              env: [
                field('METALLB_NODE_NAME', 'spec.nodeName'),
                field('METALLB_POD_NAME', 'metadata.name'),
                field('METALLB_HOST', 'status.hostIP'),
                { name: 'METALLB_ML_BIND_ADDR', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
                { name: 'METALLB_ML_LABELS', value: 'app=metallb,component=speaker' },
              ],
              ports: [
                { containerPort: 7472, name: 'monitoring' },
                { containerPort: 7946, name: 'memberlist-tcp' },
                { containerPort: 7946, name: 'memberlist-udp', protocol: 'UDP' },
              ],
              securityContext: { allowPrivilegeEscalation: false, capabilities: { add: ['NET_RAW'], drop: ['ALL'] } },
            },
          ],
        },
      },
    },
  })
}
