import type { Client } from '../client.ts'
import { installBootstrapObjects } from './bootstrap.ts'
import { installCoreDns } from './coreDns.ts'
import { installKubeadmObjects } from './kubeadm.ts'
import { installKubeProxy } from './kubeProxy.ts'
import type { OptionalAddon } from './optional.ts'
import { installRbac } from './rbac.ts'

/** What a lab may ask for besides what every cluster has, by name; the code of one is loaded when a lab asks for it. */
export const optionalAddons: Readonly<Record<string, () => Promise<OptionalAddon>>> = {
  'cloud-provider': async () => (await import('./cloudProvider.ts')).cloudProvider,
  'gateway-api': async () => (await import('./gatewayApi.ts')).gatewayApi,
  'ingress-nginx': async () => (await import('./ingressNginx.ts')).ingressNginx,
  istio: async () => (await import('./istio.ts')).istio,
  linkerd: async () => (await import('./linkerd.ts')).linkerd,
  'local-path-provisioner': async () => (await import('./localPath.ts')).localPath,
  metallb: async () => (await import('./metalLb.ts')).metalLb,
  'metrics-server': async () => (await import('./metricsServer.ts')).metricsServer,
  'nginx-gateway': async () => (await import('./nginxGateway.ts')).nginxGateway,
}

/** Add-ons whose images a learner's own manifest may run on any cluster. */
export const usualAddons: readonly string[] = ['local-path-provisioner', 'metrics-server']

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
  /** What is installed besides. */
  readonly addons?: readonly OptionalAddon[]
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
  for (const addon of settings.addons ?? []) addon.install(client)
}
