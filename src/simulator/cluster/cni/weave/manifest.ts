import type { Client } from '../../client.ts'
import { clusterRole } from '../../kinds/clusterRole.ts'
import { clusterRoleBinding } from '../../kinds/clusterRoleBinding.ts'
import { daemonSet } from '../../kinds/daemonSet.ts'
import { role } from '../../kinds/role.ts'
import { roleBinding } from '../../kinds/roleBinding.ts'
import { serviceAccount } from '../../kinds/serviceAccount.ts'
import { ensure } from '../../manifest/ensure.ts'
import { keepOff } from '../../manifest/keepOff.ts'
import { readRoles } from '../../manifest/readRoles.ts'

const name = 'weave-net'
const namespace = 'kube-system'
const labels = { name }

const clusterRoles = `
weave-net
  read | core | pods namespaces nodes
  read | networking.k8s.io | networkpolicies
  patch update | core | nodes/status
`

const roles = `
weave-net
  get update patch | core | configmaps | weave-net
  create | core | configmaps
`

/** Installs Weave Net as its manifest does; nodes in `without` get none. */
export function installWeave(client: Client, without: readonly string[] = []): void {
  ensure(client, serviceAccount, { metadata: { name, namespace, labels } })
  for (const each of readRoles(clusterRoles))
    ensure(client, clusterRole, { metadata: { name: each.name, labels }, rules: each.rules })
  for (const each of readRoles(roles))
    ensure(client, role, { metadata: { name: each.name, namespace, labels }, rules: each.rules })
  const subjects = [{ kind: 'ServiceAccount' as const, name, namespace }]
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', name }
  ensure(client, clusterRoleBinding, {
    metadata: { name, labels },
    roleRef: { ...roleRef, kind: 'ClusterRole' },
    subjects,
  })
  ensure(client, roleBinding, {
    metadata: { name, namespace, labels },
    roleRef: { ...roleRef, kind: 'Role' },
    subjects,
  })
  if (without.length > 0) keepOff(client, without, name, namespace)
  else installDaemons(client)
}

function installDaemons(client: Client): void {
  const hostname = { name: 'HOSTNAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'spec.nodeName' } } }
  const resources = { requests: { cpu: '50m', memory: '100Mi' } }
  const lock = { name: 'xtables-lock', mountPath: '/run/xtables.lock' }
  ensure(client, daemonSet, {
    metadata: { name, namespace, labels },
    spec: {
      minReadySeconds: 5,
      selector: { matchLabels: labels },
      updateStrategy: { type: 'RollingUpdate' },
      template: {
        metadata: { labels },
        spec: {
          initContainers: [
            {
              name: 'weave-init',
              image: 'weaveworks/weave-kube:2.8.1',
              command: ['/home/weave/init.sh'],
              securityContext: { privileged: true },
              volumeMounts: [
                { name: 'cni-bin', mountPath: '/host/opt' },
                { name: 'cni-conf', mountPath: '/host/etc' },
                lock,
              ],
            },
          ],
          containers: [
            {
              name: 'weave',
              image: 'weaveworks/weave-kube:2.8.1',
              command: ['/home/weave/launch.sh'],
              env: [{ name: 'INIT_CONTAINER', value: 'true' }, hostname],
              readinessProbe: { httpGet: { host: '127.0.0.1', path: '/status', port: 6784 } },
              resources,
              securityContext: { privileged: true },
              volumeMounts: [{ name: 'weavedb', mountPath: '/weavedb' }, lock],
            },
            {
              name: 'weave-npc',
              image: 'weaveworks/weave-npc:2.8.1',
              env: [hostname],
              resources,
              securityContext: { privileged: true },
              volumeMounts: [lock],
            },
          ],
          dnsPolicy: 'ClusterFirstWithHostNet',
          hostNetwork: true,
          priorityClassName: 'system-node-critical',
          restartPolicy: 'Always',
          serviceAccountName: name,
          tolerations: [
            { effect: 'NoSchedule', operator: 'Exists' },
            { effect: 'NoExecute', operator: 'Exists' },
          ],
          volumes: [
            { name: 'weavedb', hostPath: { path: '/var/lib/weave' } },
            { name: 'cni-bin', hostPath: { path: '/opt' } },
            { name: 'cni-conf', hostPath: { path: '/etc' } },
            { name: 'xtables-lock', hostPath: { path: '/run/xtables.lock', type: 'FileOrCreate' } },
          ],
        },
      },
    },
  })
}
