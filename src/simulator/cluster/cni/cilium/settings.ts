import type { Client } from '../../client.ts'
import { configMap } from '../../kinds/configMap.ts'

/** What the ConfigMap cilium-config says. */
export function settingsOf(client: Client): Readonly<Record<string, string>> {
  return client.get(configMap, 'cilium-config', 'kube-system')?.data ?? {}
}
