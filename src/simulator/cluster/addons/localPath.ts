import type { Client } from '../client.ts'
import { clusterRole } from '../kinds/clusterRole.ts'
import { configMap } from '../kinds/configMap.ts'
import { deployment } from '../kinds/deployment.ts'
import { namespace as namespaceKind } from '../kinds/namespace.ts'
import { serviceAccount } from '../kinds/serviceAccount.ts'
import { storageClass } from '../kinds/storageClass.ts'
import { ensure } from '../manifest/ensure.ts'
import { readRoles } from '../manifest/readRoles.ts'
import { createProvisionerProgram } from './localPath/program.ts'
import { provisionerName } from './localPath/settings.ts'
import type { OptionalAddon } from './optional.ts'
import { bindRole } from './rbac.ts'

const namespace = 'local-path-storage'
const account = 'local-path-provisioner-service-account'

const roles = `
local-path-provisioner-role
  get list watch | core | nodes persistentvolumeclaims configmaps pods pods/log
  get list watch create patch update delete | core | persistentvolumes
  create patch | core | events
  get list watch | storage.k8s.io | storageclasses
`

const settings = {
  'config.json': `{
        "nodePathMap":[
        {
                "node":"DEFAULT_PATH_FOR_NON_LISTED_NODES",
                "paths":["/opt/local-path-provisioner"]
        }
        ]
}`,
  setup: `#!/bin/sh
set -eu
mkdir -m 0777 -p "$VOL_DIR"`,
  teardown: `#!/bin/sh
set -eu
rm -rf "$VOL_DIR"`,
  'helperPod.yaml': `apiVersion: v1
kind: Pod
metadata:
  name: helper-pod
spec:
  priorityClassName: system-node-critical
  tolerations:
    - key: node.kubernetes.io/disk-pressure
      operator: Exists
      effect: NoSchedule
  containers:
  - name: helper-pod
    image: busybox:1.36
    imagePullPolicy: IfNotPresent`,
}

/** Makes volumes on demand, as directories of the node on which the pod runs; its class is the default one. */
export const localPath: OptionalAddon = {
  name: 'local-path-provisioner',
  programs: ({ clientOf }) =>
    new Map([['local-path-provisioner', createProvisionerProgram(clientOf(`${namespace}:${account}`))]]),
  install,
}

function install(client: Client): void {
  ensure(client, namespaceKind, { metadata: { name: namespace }, spec: { finalizers: ['kubernetes'] } })
  ensure(client, serviceAccount, { metadata: { name: account, namespace } })
  for (const { name, rules } of readRoles(roles)) ensure(client, clusterRole, { metadata: { name }, rules })
  bindRole(client, 'local-path-provisioner-bind', 'local-path-provisioner-role', [
    { kind: 'ServiceAccount', name: account, namespace },
  ])
  ensure(client, configMap, { metadata: { name: 'local-path-config', namespace }, data: settings })
  const labels = { app: 'local-path-provisioner' }
  ensure(client, deployment, {
    metadata: { name: 'local-path-provisioner', namespace },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: account,
          containers: [
            {
              name: 'local-path-provisioner',
              image: 'rancher/local-path-provisioner:v0.0.32',
              imagePullPolicy: 'IfNotPresent',
              command: ['local-path-provisioner', '--debug', 'start', '--config', '/etc/config/config.json'],
              volumeMounts: [{ name: 'config-volume', mountPath: '/etc/config/' }],
              env: [
                { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
                { name: 'CONFIG_MOUNT_PATH', value: '/etc/config/' },
              ],
            },
          ],
          volumes: [{ name: 'config-volume', configMap: { name: 'local-path-config' } }],
        },
      },
    },
  })
  ensure(client, storageClass, {
    metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    provisioner: provisionerName,
    volumeBindingMode: 'WaitForFirstConsumer',
    reclaimPolicy: 'Delete',
  })
}
