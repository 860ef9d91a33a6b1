import type { Client } from '../client.ts'
import { installBootstrapObjects } from './bootstrap.ts'
import { installCoreDns } from './coreDns.ts'
import { gatewayApi } from './gatewayApi.ts'
import { installKubeadmObjects } from './kubeadm.ts'
import { installKubeProxy } from './kubeProxy.ts'
import { localPath } from './localPath.ts'
import { metricsServer } from './metricsServer.ts'
import type { OptionalAddon } from './optional.ts'
import { installRbac } from './rbac.ts'

/** What a lab may ask for besides what every cluster has. */
export const optionalAddons: readonly OptionalAddon[] = [gatewayApi, localPath, metricsServer]

/** Which cluster the add-ons are installed on. */
export interface AddonSettings {
  /** The mode of kube-proxy; undefined where there is none. */
  readonly proxy: string | undefined
  /** Creates what the pod network's manifest holds. */
  readonly installNetwork: (client: Client) => void
  /** The control plane's address. */
  readonly address: string
  readonly certificate: string
  readonly podRange: string
  readonly serviceRange: string
  readonly clusterDns: string
  /** Names of what is installed besides. */
  readonly addons?: readonly string[]
}

/** Everything that is on a cluster before the learner comes, as API objects; what is there already stays. */
export function installAddons(client: Client, settings: AddonSettings): void {
  const server = `https://${settings.address}:6443`
  installBootstrapObjects(client, settings.address, settings.serviceRange)
  installRbac(client)
  installKubeadmObjects(client, { ...settings, server })
  installCoreDns(client, settings.clusterDns)
  if (settings.proxy !== undefined) installKubeProxy(client, settings.proxy, settings.podRange, server)
  settings.installNetwork(client)
  for (const addon of optionalAddons) if (settings.addons?.includes(addon.name)) addon.install(client)
}
