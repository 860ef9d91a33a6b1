import type { Container, EnvVarSource, Lifecycle, PodSpec, Probe, Volume } from 'kubernetes-types/core/v1'
import { Quantity } from '../../api/quantity.ts'

/** Fills in what a pod template leaves open (SetDefaults_PodSpec of kubernetes/pkg/apis/core/v1/defaults.go). */
export function setPodSpecDefaults(spec: PodSpec): void {
  spec.restartPolicy ??= 'Always'
  spec.terminationGracePeriodSeconds ??= 30
  spec.dnsPolicy ??= 'ClusterFirst'
  spec.securityContext ??= {}
  spec.schedulerName ??= 'default-scheduler'
  // The old name of the same field is kept in step.
  const account = spec.serviceAccountName || spec.serviceAccount
  if (account) spec.serviceAccountName = spec.serviceAccount = account
  for (const volume of spec.volumes ?? []) setVolumeDefaults(volume)
  for (const container of spec.initContainers ?? []) setContainerDefaults(container, spec.hostNetwork)
  for (const container of spec.containers ?? []) setContainerDefaults(container, spec.hostNetwork)
  for (const container of spec.ephemeralContainers ?? []) setContainerDefaults(container as Container, spec.hostNetwork)
}

/** What only pods get and templates do not. */
export function setPodDefaults(spec: PodSpec): void {
  setPodSpecDefaults(spec)
  spec.enableServiceLinks ??= true
  for (const container of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) {
    const { limits, requests } = container.resources ?? {}
    if (limits && container.resources) container.resources.requests = { ...limits, ...requests }
  }
}

function setContainerDefaults(container: Container, hostNetwork: boolean | undefined): void {
  container.resources ??= {}
  roundAll(container.resources.limits)
  roundAll(container.resources.requests)
  container.terminationMessagePath ||= '/dev/termination-log'
  container.terminationMessagePolicy ||= 'File'
  container.imagePullPolicy ||= isLatest(container.image ?? '') ? 'Always' : 'IfNotPresent'
  for (const port of container.ports ?? []) {
    port.protocol ||= 'TCP'
    if (hostNetwork) port.hostPort ||= port.containerPort
  }
  for (const { valueFrom } of container.env ?? []) if (valueFrom) setFieldDefaults(valueFrom)
  if (container.livenessProbe) setProbeDefaults(container.livenessProbe)
  if (container.readinessProbe) setProbeDefaults(container.readinessProbe)
  if (container.startupProbe) setProbeDefaults(container.startupProbe)
  if (container.lifecycle) setLifecycleDefaults(container.lifecycle)
}

function setFieldDefaults({ fieldRef, resourceFieldRef }: Pick<EnvVarSource, 'fieldRef' | 'resourceFieldRef'>): void {
  if (fieldRef) fieldRef.apiVersion ||= 'v1'
  if (resourceFieldRef) resourceFieldRef.divisor ??= '0'
}

/** An image without a tag or with the tag `latest` is looked for every time. */
export function isLatest(image: string): boolean {
  if (image.includes('@') || !repository.test(image)) return false
  const last = image.slice(image.lastIndexOf('/') + 1)
  const colon = last.indexOf(':')
  return colon < 0 || last.slice(colon + 1) === 'latest'
}

// A name that is no image reference at all has no tag either.
const repository = /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[\w.-]+)?$/i

function roundAll(amounts: Record<string, unknown> | undefined): void {
  for (const name in amounts) amounts[name] = Quantity.parse(String(amounts[name])).rounded().toString()
}

function setProbeDefaults(probe: Probe): void {
  probe.timeoutSeconds ||= 1
  probe.periodSeconds ||= 10
  probe.successThreshold ||= 1
  probe.failureThreshold ||= 3
  if (probe.httpGet) setHttpDefaults(probe.httpGet)
  if (probe.grpc) probe.grpc.service ??= ''
}

function setHttpDefaults(action: { path?: string; scheme?: string }): void {
  action.path ||= '/'
  action.scheme ||= 'HTTP'
}

function setLifecycleDefaults({ postStart, preStop }: Lifecycle): void {
  if (postStart?.httpGet) setHttpDefaults(postStart.httpGet)
  if (preStop?.httpGet) setHttpDefaults(preStop.httpGet)
}

// 0644, as the API writes modes.
const defaultMode = 0o644

const sources = new Set(
  'hostPath emptyDir gcePersistentDisk awsElasticBlockStore gitRepo secret nfs iscsi glusterfs persistentVolumeClaim rbd flexVolume cinder cephfs flocker downwardAPI fc azureFile configMap vsphereVolume quobyte azureDisk photonPersistentDisk projected portworxVolume scaleIO storageos csi ephemeral image'.split(
    ' ',
  ),
)

function setVolumeDefaults(volume: Volume): void {
  if (!Object.keys(volume).some(key => sources.has(key))) volume.emptyDir = {}
  if (volume.secret) volume.secret.defaultMode ??= defaultMode
  if (volume.configMap) volume.configMap.defaultMode ??= defaultMode
  if (volume.downwardAPI) volume.downwardAPI.defaultMode ??= defaultMode
  if (volume.hostPath) volume.hostPath.type ??= ''
  for (const item of volume.downwardAPI?.items ?? []) setFieldDefaults(item)
  if (volume.projected) {
    volume.projected.defaultMode ??= defaultMode
    for (const { serviceAccountToken, downwardAPI } of volume.projected.sources ?? []) {
      if (serviceAccountToken) serviceAccountToken.expirationSeconds ??= 3600
      for (const item of downwardAPI?.items ?? []) setFieldDefaults(item)
    }
  }
  if (volume.ephemeral?.volumeClaimTemplate?.spec) volume.ephemeral.volumeClaimTemplate.spec.volumeMode ??= 'Filesystem'
}
