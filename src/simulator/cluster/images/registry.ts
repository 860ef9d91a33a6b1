import { agnhost } from './agnhost.ts'
import { alpine } from './alpine.ts'
import { alpineCurl } from './alpineCurl.ts'
import { busybox } from './busybox.ts'
import { busyboxCurl } from './busyboxCurl.ts'
import { color } from './color.ts'
import { coredns } from './coredns.ts'
import { curl } from './curl.ts'
import { debian } from './debian.ts'
import { dnsTools } from './dnsTools.ts'
import { echoserver } from './echoserver.ts'
import { etcd } from './etcd.ts'
import { glibcDnsTesting } from './glibcDnsTesting.ts'
import { helloApp } from './helloApp.ts'
import { hpaExample } from './hpaExample.ts'
import { httpd } from './httpd.ts'
import { httpEcho } from './httpEcho.ts'
import type { Image } from './image.ts'
import { kiamolHello } from './kiamolHello.ts'
import { kiamolNumbersApi } from './kiamolNumbersApi.ts'
import { kiamolNumbersWeb } from './kiamolNumbersWeb.ts'
import { kiamolSleep } from './kiamolSleep.ts'
import { kubeApiserver } from './kubeApiserver.ts'
import { kubeControllerManager } from './kubeControllerManager.ts'
import { kubeProxy } from './kubeProxy.ts'
import { kubernetesBootcamp } from './kubernetesBootcamp.ts'
import { kubeScheduler } from './kubeScheduler.ts'
import { localPathProvisioner } from './localPathProvisioner.ts'
import { metricsServer } from './metricsServer.ts'
import { kitten, nautilus } from './nautilus.ts'
import { netshoot } from './netshoot.ts'
import { networkMultitool } from './networkMultitool.ts'
import { nginx } from './nginx.ts'
import { nginxHello, nginxHelloUnprivileged } from './nginxHello.ts'
import { nginxSlim } from './nginxSlim.ts'
import { nginxUnprivileged } from './nginxUnprivileged.ts'
import { nodeHello } from './nodeHello.ts'
import { nonewprivs } from './nonewprivs.ts'
import { pause } from './pause.ts'
import { redis } from './redis.ts'
import { serveHostname } from './serveHostname.ts'
import { ubuntu } from './ubuntu.ts'
import { whoami } from './whoami.ts'

/** Every image that the registries offer. */
export const images: readonly Image[] = [
  agnhost,
  alpine,
  alpineCurl,
  busybox,
  busyboxCurl,
  color,
  curl,
  debian,
  dnsTools,
  echoserver,
  glibcDnsTesting,
  helloApp,
  hpaExample,
  httpEcho,
  httpd,
  kiamolHello,
  kiamolNumbersApi,
  kiamolNumbersWeb,
  kiamolSleep,
  kitten,
  kubernetesBootcamp,
  localPathProvisioner,
  metricsServer,
  nautilus,
  netshoot,
  networkMultitool,
  nginx,
  nginxHello,
  nginxHelloUnprivileged,
  nginxSlim,
  nginxUnprivileged,
  nodeHello,
  nonewprivs,
  pause,
  redis,
  serveHostname,
  ubuntu,
  whoami,
  coredns,
  etcd,
  kubeApiserver,
  kubeControllerManager,
  kubeProxy,
  kubeScheduler,
]

/** What already lies on every node of a cluster. */
const everywhere: readonly string[] = [
  'registry.k8s.io/kube-proxy:v1.36.3',
  'nicolaka/netshoot:v0.13',
  'registry.k8s.io/coredns/coredns:v1.14.2',
  'nginx:1.27',
  'registry.k8s.io/pause:3.10',
]

/** What else lies on nodes that run the learner's pods. */
export const workerImages: readonly string[] = [
  ...everywhere,
  'registry.k8s.io/e2e-test-images/agnhost:2.53',
  'nginx:1.26',
  'kiamol/ch03-sleep',
  'busybox:1.36',
]

/** What else lies on nodes of the control plane. */
export const controlPlaneImages: readonly string[] = [
  ...everywhere,
  'registry.k8s.io/kube-apiserver:v1.36.3',
  'registry.k8s.io/kube-controller-manager:v1.36.3',
  'registry.k8s.io/kube-scheduler:v1.36.3',
  'registry.k8s.io/etcd:3.6.8-0',
]
