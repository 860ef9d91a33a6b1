import type { NetworkPlugin } from './plugin.ts'

/** The pod networks that a lab can choose, by name; the code of one is loaded when a lab chooses it. */
export const networkPlugins: Readonly<Record<string, () => Promise<NetworkPlugin>>> = {
  flannel: async () => (await import('./flannel.ts')).flannel,
  cilium: async () => (await import('./cilium.ts')).cilium,
  calico: async () => (await import('./calico.ts')).calico,
  bridge: async () => (await import('./bridge.ts')).bridge,
  kubenet: async () => (await import('./kubenet.ts')).kubenet,
  multus: async () => (await import('./multus.ts')).multus,
  none: async () => (await import('./none.ts')).none,
  weave: async () => (await import('./weave.ts')).weave,
}

/** Every pod network, for those who compare them. */
export async function loadNetworkPlugins(): Promise<NetworkPlugin[]> {
  const loaded: NetworkPlugin[] = []
  for (const load of Object.values(networkPlugins)) loaded.push(await load())
  return loaded
}
