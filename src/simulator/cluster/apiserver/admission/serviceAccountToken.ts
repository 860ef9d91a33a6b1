import { ApiError } from '../../api/error.ts'
import { type Pod, pod, type Volume } from '../../kinds/pod.ts'
import { type ServiceAccount, serviceAccount } from '../../kinds/serviceAccount.ts'
import { type Admission, nameOf } from './admission.ts'

const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount'
const volumePrefix = 'kube-api-access-'
const mirrorAnnotation = 'kubernetes.io/config.mirror'

/** Gives every pod the account that it did not choose, and a token to speak for it. */
export const serviceAccountToken: Admission = {
  name: 'ServiceAccount',
  on: ['create'],
  handles: kind => kind === pod,
  admit({ object, store }) {
    const { metadata, spec } = object as Pod
    if (metadata.annotations?.[mirrorAnnotation] !== undefined) return
    if (!spec.serviceAccountName) spec.serviceAccountName = spec.serviceAccount = 'default'
    const name = spec.serviceAccountName
    const account = store.find(serviceAccount, metadata.namespace, name) as ServiceAccount | undefined
    if (!account) {
      const why = `error looking up service account ${metadata.namespace}/${name}: serviceaccount "${name}" not found`
      throw ApiError.forbidden(pod, nameOf(object), why)
    }
    if (!spec.imagePullSecrets?.length && account.imagePullSecrets?.length)
      spec.imagePullSecrets = account.imagePullSecrets.map(reference => ({ ...reference }))
    if (spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true)
      mountToken(object as Pod, `${volumePrefix}${store.random.suffix(5)}`)
  },
}

function mountToken({ spec }: Pod, volumeName: string): void {
  const existing = spec.volumes?.find(({ name }) => name?.startsWith(volumePrefix))?.name
  const name = existing ?? volumeName
  let isNeeded = false
  for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? [])]) {
    if (container.volumeMounts?.some(mount => mount.mountPath === mountPath)) continue
    container.volumeMounts = [...(container.volumeMounts ?? []), { name, readOnly: true, mountPath }]
    isNeeded = true
  }
  if (isNeeded && existing === undefined) spec.volumes = [...(spec.volumes ?? []), tokenVolume(name)]
}

function tokenVolume(name: string): Volume {
  return {
    name,
    projected: {
      sources: [
        // Seven seconds more than an hour: this is how the real server tells its own volumes from others.
        { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        {
          downwardAPI: {
            items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
          },
        },
      ],
      defaultMode: 420,
    },
  }
}
