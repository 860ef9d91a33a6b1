import type { PodSpec } from 'kubernetes-types/core/v1'
import type { Draft } from '../../api/object.ts'
import type { Pod } from '../../kinds/pod.ts'

/** What a helper pod is made from. */
export interface HelperRequest {
  readonly name: string
  readonly namespace: string
  readonly action: 'create' | 'delete'
  readonly nodeName: string
  /** The directory of the volume on the node. */
  readonly path: string
  readonly size: string
  readonly template: PodSpec
}

/** A pod that makes or removes the directory of a volume with the script of the ConfigMap. */
export function helperPod({ name, namespace, action, nodeName, path, size, template }: HelperRequest): Draft<Pod> {
  const parent = path.slice(0, path.lastIndexOf('/'))
  const script = action === 'create' ? 'setup' : 'teardown'
  const variables = { VOL_DIR: path, VOL_MODE: 'Filesystem', VOL_SIZE_BYTES: size }
  const container = template.containers[0]!
  return {
    metadata: { name, namespace },
    spec: {
      ...template,
      nodeName,
      restartPolicy: 'Never',
      serviceAccountName: 'local-path-provisioner-service-account',
      tolerations: [...(template.tolerations ?? []), { operator: 'Exists' }],
      containers: [
        {
          ...container,
          command: ['/bin/sh', `/script/${script}`],
          args: ['-p', path, '-s', size, '-m', 'Filesystem', '-a', action],
          env: Object.entries(variables).map(([key, value]) => ({ name: key, value })),
          volumeMounts: [
            { name: 'script', mountPath: '/script' },
            { name: 'data', mountPath: parent },
          ],
        },
      ],
      volumes: [
        { name: 'data', hostPath: { path: parent, type: 'DirectoryOrCreate' } },
        {
          name: 'script',
          configMap: { name: 'local-path-config', items: ['setup', 'teardown'].map(key => ({ key, path: key })) },
        },
      ],
    } as Pod['spec'],
  }
}
