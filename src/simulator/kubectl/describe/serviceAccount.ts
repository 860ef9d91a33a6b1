import type { Secret, ServiceAccount } from 'kubernetes-types/core/v1'
import type { KubernetesObject } from '../../cluster/api/object.ts'
import { defineDescriber } from './describer.ts'

export const serviceAccount = defineDescriber<ServiceAccount & KubernetesObject>({
  group: '',
  kind: 'ServiceAccount',
  async describe(account, view) {
    const { metadata } = account
    const { text } = view
    text.field('Name', metadata.name)
    text.field('Namespace', metadata.namespace)
    text.labels('Labels', metadata.labels)
    text.annotations(metadata.annotations)
    const secrets = await view.list<Secret>('secrets', { namespace: metadata.namespace })
    const existing = new Set(secrets.map(secret => secret.metadata?.name))
    const pull = (account.imagePullSecrets ?? []).map(({ name = '' }) =>
      existing.has(name) ? name : `${name} (not found)`,
    )
    text.list('Image pull secrets', pull)
    await view.events(account)
  },
})
