/** A field of a Go structure: its name, its name in JSON (undefined when its fields stand in the parent), its type. */
export interface GoField {
  readonly name: string
  readonly key: string | undefined
  readonly type: string
}

/**
 * The structures that a pod template is made of, in the order in which Go declares their fields: a type, and behind the
 * colon its fields as `Name type`. A field without a type is a string, `+` marks an embedded structure, `=` gives the
 * JSON name where it is not simply the name with a small first letter.
 * Source: k8s.io/api/core/v1/types.go and k8s.io/apimachinery/pkg/apis/meta/v1/types.go of release 1.36.
 */
const text = `
v1.PodTemplateSpec: ObjectMeta=metadata v1.ObjectMeta, Spec v1.PodSpec
v1.ObjectMeta: Name, GenerateName, Namespace, SelfLink, UID=uid types.UID, ResourceVersion, Generation int64, CreationTimestamp v1.Time, DeletionTimestamp *v1.Time, DeletionGracePeriodSeconds *int64, Labels map[string]string, Annotations map[string]string, OwnerReferences []v1.OwnerReference, Finalizers []string, ManagedFields []v1.ManagedFieldsEntry
v1.PodSpec: Volumes []v1.Volume, InitContainers []v1.Container, Containers []v1.Container, EphemeralContainers []v1.EphemeralContainer, RestartPolicy v1.RestartPolicy, TerminationGracePeriodSeconds *int64, ActiveDeadlineSeconds *int64, DNSPolicy=dnsPolicy v1.DNSPolicy, NodeSelector map[string]string, ServiceAccountName, DeprecatedServiceAccount=serviceAccount, AutomountServiceAccountToken *bool, NodeName, HostNetwork bool, HostPID=hostPID bool, HostIPC=hostIPC bool, ShareProcessNamespace *bool, SecurityContext *v1.PodSecurityContext, ImagePullSecrets []v1.LocalObjectReference, Hostname, Subdomain, Affinity *v1.Affinity, SchedulerName, Tolerations []v1.Toleration, HostAliases []v1.HostAlias, PriorityClassName, Priority *int32, DNSConfig=dnsConfig *v1.PodDNSConfig, ReadinessGates []v1.PodReadinessGate, RuntimeClassName *string, EnableServiceLinks *bool, PreemptionPolicy *v1.PreemptionPolicy, Overhead v1.ResourceList, TopologySpreadConstraints []v1.TopologySpreadConstraint, SetHostnameAsFQDN=setHostnameAsFQDN *bool, OS=os *v1.PodOS, HostUsers *bool, SchedulingGates []v1.PodSchedulingGate, ResourceClaims []v1.PodResourceClaim, Resources *v1.ResourceRequirements, HostnameOverride *string, SchedulingGroup *v1.PodSchedulingGroup
v1.PodSecurityContext: SELinuxOptions=seLinuxOptions *v1.SELinuxOptions, WindowsOptions *v1.WindowsSecurityContextOptions, RunAsUser *int64, RunAsGroup *int64, RunAsNonRoot *bool, SupplementalGroups []int64, SupplementalGroupsPolicy *v1.SupplementalGroupsPolicy, FSGroup=fsGroup *int64, Sysctls []v1.Sysctl, FSGroupChangePolicy=fsGroupChangePolicy *v1.PodFSGroupChangePolicy, SeccompProfile *v1.SeccompProfile, AppArmorProfile *v1.AppArmorProfile, SELinuxChangePolicy=seLinuxChangePolicy *v1.PodSELinuxChangePolicy
v1.SELinuxOptions: User, Role, Type, Level
v1.SeccompProfile: Type v1.SeccompProfileType, LocalhostProfile *string
v1.AppArmorProfile: Type v1.AppArmorProfileType, LocalhostProfile *string
v1.Sysctl: Name, Value
v1.LocalObjectReference: Name
v1.PodReadinessGate: ConditionType v1.PodConditionType
v1.PodOS: Name v1.OSName
v1.PodSchedulingGate: Name
v1.PodResourceClaim: Name, ResourceClaimName *string, ResourceClaimTemplateName *string
v1.HostAlias: IP=ip, Hostnames []string
v1.PodDNSConfig: Nameservers []string, Searches []string, Options []v1.PodDNSConfigOption
v1.PodDNSConfigOption: Name, Value *string
v1.Toleration: Key, Operator v1.TolerationOperator, Value, Effect v1.TaintEffect, TolerationSeconds *int64
v1.TopologySpreadConstraint: MaxSkew int32, TopologyKey, WhenUnsatisfiable v1.UnsatisfiableConstraintAction, LabelSelector *v1.LabelSelector, MinDomains *int32, NodeAffinityPolicy *v1.NodeInclusionPolicy, NodeTaintsPolicy *v1.NodeInclusionPolicy, MatchLabelKeys []string
v1.LabelSelector: MatchLabels map[string]string, MatchExpressions []v1.LabelSelectorRequirement
v1.LabelSelectorRequirement: Key, Operator v1.LabelSelectorOperator, Values []string
v1.Affinity: NodeAffinity *v1.NodeAffinity, PodAffinity *v1.PodAffinity, PodAntiAffinity *v1.PodAntiAffinity
v1.NodeAffinity: RequiredDuringSchedulingIgnoredDuringExecution *v1.NodeSelector, PreferredDuringSchedulingIgnoredDuringExecution []v1.PreferredSchedulingTerm
v1.NodeSelector: NodeSelectorTerms []v1.NodeSelectorTerm
v1.NodeSelectorTerm: MatchExpressions []v1.NodeSelectorRequirement, MatchFields []v1.NodeSelectorRequirement
v1.NodeSelectorRequirement: Key, Operator v1.NodeSelectorOperator, Values []string
v1.PreferredSchedulingTerm: Weight int32, Preference v1.NodeSelectorTerm
v1.PodAffinity: RequiredDuringSchedulingIgnoredDuringExecution []v1.PodAffinityTerm, PreferredDuringSchedulingIgnoredDuringExecution []v1.WeightedPodAffinityTerm
v1.PodAntiAffinity: RequiredDuringSchedulingIgnoredDuringExecution []v1.PodAffinityTerm, PreferredDuringSchedulingIgnoredDuringExecution []v1.WeightedPodAffinityTerm
v1.WeightedPodAffinityTerm: Weight int32, PodAffinityTerm v1.PodAffinityTerm
v1.PodAffinityTerm: LabelSelector *v1.LabelSelector, Namespaces []string, TopologyKey, NamespaceSelector *v1.LabelSelector, MatchLabelKeys []string, MismatchLabelKeys []string
v1.Container: Name, Image, Command []string, Args []string, WorkingDir, Ports []v1.ContainerPort, EnvFrom []v1.EnvFromSource, Env []v1.EnvVar, Resources v1.ResourceRequirements, ResizePolicy []v1.ContainerResizePolicy, RestartPolicy *v1.ContainerRestartPolicy, RestartPolicyRules []v1.ContainerRestartRule, VolumeMounts []v1.VolumeMount, VolumeDevices []v1.VolumeDevice, LivenessProbe *v1.Probe, ReadinessProbe *v1.Probe, StartupProbe *v1.Probe, Lifecycle *v1.Lifecycle, TerminationMessagePath, TerminationMessagePolicy v1.TerminationMessagePolicy, ImagePullPolicy v1.PullPolicy, SecurityContext *v1.SecurityContext, Stdin bool, StdinOnce bool, TTY=tty bool
v1.ContainerPort: Name, HostPort int32, ContainerPort int32, Protocol v1.Protocol, HostIP=hostIP
v1.EnvFromSource: Prefix, ConfigMapRef *v1.ConfigMapEnvSource, SecretRef *v1.SecretEnvSource
v1.ConfigMapEnvSource: +LocalObjectReference v1.LocalObjectReference, Optional *bool
v1.SecretEnvSource: +LocalObjectReference v1.LocalObjectReference, Optional *bool
v1.EnvVar: Name, Value, ValueFrom *v1.EnvVarSource
v1.EnvVarSource: FieldRef *v1.ObjectFieldSelector, ResourceFieldRef *v1.ResourceFieldSelector, ConfigMapKeyRef *v1.ConfigMapKeySelector, SecretKeyRef *v1.SecretKeySelector, FileKeyRef *v1.FileKeySelector
v1.ObjectFieldSelector: APIVersion=apiVersion, FieldPath
v1.ResourceFieldSelector: ContainerName, Resource, Divisor resource.Quantity
v1.ConfigMapKeySelector: +LocalObjectReference v1.LocalObjectReference, Key, Optional *bool
v1.SecretKeySelector: +LocalObjectReference v1.LocalObjectReference, Key, Optional *bool
v1.FileKeySelector: VolumeName, Path, Key, Optional *bool
v1.ResourceRequirements: Limits v1.ResourceList, Requests v1.ResourceList, Claims []v1.ResourceClaim
v1.ResourceClaim: Name, Request
v1.ContainerResizePolicy: ResourceName v1.ResourceName, RestartPolicy v1.ResourceResizeRestartPolicy
v1.ContainerRestartRule: Action v1.ContainerRestartRuleAction, ExitCodes *v1.ContainerRestartRuleOnExitCodes
v1.ContainerRestartRuleOnExitCodes: Operator v1.ContainerRestartRuleOnExitCodesOperator, Values []int32
v1.VolumeMount: Name, ReadOnly bool, RecursiveReadOnly *v1.RecursiveReadOnlyMode, MountPath, SubPath, MountPropagation *v1.MountPropagationMode, SubPathExpr
v1.VolumeDevice: Name, DevicePath
v1.Probe: +ProbeHandler v1.ProbeHandler, InitialDelaySeconds int32, TimeoutSeconds int32, PeriodSeconds int32, SuccessThreshold int32, FailureThreshold int32, TerminationGracePeriodSeconds *int64
v1.ProbeHandler: Exec *v1.ExecAction, HTTPGet=httpGet *v1.HTTPGetAction, TCPSocket=tcpSocket *v1.TCPSocketAction, GRPC=grpc *v1.GRPCAction
v1.ExecAction: Command []string
v1.HTTPGetAction: Path, Port intstr.IntOrString, Host, Scheme v1.URIScheme, HTTPHeaders=httpHeaders []v1.HTTPHeader
v1.HTTPHeader: Name, Value
v1.TCPSocketAction: Port intstr.IntOrString, Host
v1.GRPCAction: Port int32, Service *string
v1.Lifecycle: PostStart *v1.LifecycleHandler, PreStop *v1.LifecycleHandler, StopSignal *v1.Signal
v1.LifecycleHandler: Exec *v1.ExecAction, HTTPGet=httpGet *v1.HTTPGetAction, TCPSocket=tcpSocket *v1.TCPSocketAction, Sleep *v1.SleepAction
v1.SleepAction: Seconds int64
v1.SecurityContext: Capabilities *v1.Capabilities, Privileged *bool, SELinuxOptions=seLinuxOptions *v1.SELinuxOptions, WindowsOptions *v1.WindowsSecurityContextOptions, RunAsUser *int64, RunAsGroup *int64, RunAsNonRoot *bool, ReadOnlyRootFilesystem *bool, AllowPrivilegeEscalation *bool, ProcMount *v1.ProcMountType, SeccompProfile *v1.SeccompProfile, AppArmorProfile *v1.AppArmorProfile
v1.Capabilities: Add []v1.Capability, Drop []v1.Capability
v1.Volume: Name, +VolumeSource v1.VolumeSource
v1.VolumeSource: HostPath *v1.HostPathVolumeSource, EmptyDir *v1.EmptyDirVolumeSource, GCEPersistentDisk=gcePersistentDisk *v1.GCEPersistentDiskVolumeSource, AWSElasticBlockStore=awsElasticBlockStore *v1.AWSElasticBlockStoreVolumeSource, GitRepo *v1.GitRepoVolumeSource, Secret *v1.SecretVolumeSource, NFS=nfs *v1.NFSVolumeSource, ISCSI=iscsi *v1.ISCSIVolumeSource, Glusterfs *v1.GlusterfsVolumeSource, PersistentVolumeClaim *v1.PersistentVolumeClaimVolumeSource, RBD=rbd *v1.RBDVolumeSource, FlexVolume *v1.FlexVolumeSource, Cinder *v1.CinderVolumeSource, CephFS=cephfs *v1.CephFSVolumeSource, Flocker *v1.FlockerVolumeSource, DownwardAPI=downwardAPI *v1.DownwardAPIVolumeSource, FC=fc *v1.FCVolumeSource, AzureFile *v1.AzureFileVolumeSource, ConfigMap *v1.ConfigMapVolumeSource, VsphereVolume *v1.VsphereVirtualDiskVolumeSource, Quobyte *v1.QuobyteVolumeSource, AzureDisk *v1.AzureDiskVolumeSource, PhotonPersistentDisk *v1.PhotonPersistentDiskVolumeSource, Projected *v1.ProjectedVolumeSource, PortworxVolume *v1.PortworxVolumeSource, ScaleIO=scaleIO *v1.ScaleIOVolumeSource, StorageOS=storageos *v1.StorageOSVolumeSource, CSI=csi *v1.CSIVolumeSource, Ephemeral *v1.EphemeralVolumeSource, Image *v1.ImageVolumeSource
v1.HostPathVolumeSource: Path, Type *v1.HostPathType
v1.EmptyDirVolumeSource: Medium v1.StorageMedium, SizeLimit *resource.Quantity
v1.SecretVolumeSource: SecretName, Items []v1.KeyToPath, DefaultMode *int32, Optional *bool
v1.KeyToPath: Key, Path, Mode *int32
v1.NFSVolumeSource: Server, Path, ReadOnly bool
v1.PersistentVolumeClaimVolumeSource: ClaimName, ReadOnly bool
v1.DownwardAPIVolumeSource: Items []v1.DownwardAPIVolumeFile, DefaultMode *int32
v1.DownwardAPIVolumeFile: Path, FieldRef *v1.ObjectFieldSelector, ResourceFieldRef *v1.ResourceFieldSelector, Mode *int32
v1.ConfigMapVolumeSource: +LocalObjectReference v1.LocalObjectReference, Items []v1.KeyToPath, DefaultMode *int32, Optional *bool
v1.ProjectedVolumeSource: Sources []v1.VolumeProjection, DefaultMode *int32
v1.VolumeProjection: Secret *v1.SecretProjection, DownwardAPI=downwardAPI *v1.DownwardAPIProjection, ConfigMap *v1.ConfigMapProjection, ServiceAccountToken *v1.ServiceAccountTokenProjection, ClusterTrustBundle *v1.ClusterTrustBundleProjection, PodCertificate *v1.PodCertificateProjection
v1.SecretProjection: +LocalObjectReference v1.LocalObjectReference, Items []v1.KeyToPath, Optional *bool
v1.DownwardAPIProjection: Items []v1.DownwardAPIVolumeFile
v1.ConfigMapProjection: +LocalObjectReference v1.LocalObjectReference, Items []v1.KeyToPath, Optional *bool
v1.ServiceAccountTokenProjection: Audience, ExpirationSeconds *int64, Path
v1.CSIVolumeSource: Driver, ReadOnly *bool, FSType=fsType *string, VolumeAttributes map[string]string, NodePublishSecretRef *v1.LocalObjectReference
v1.ImageVolumeSource: Reference, PullPolicy v1.PullPolicy
`

/** Every structure by its name. */
export const goTypes: ReadonlyMap<string, readonly GoField[]> = new Map(
  text
    .trim()
    .split('\n')
    .map(line => {
      const colon = line.indexOf(': ')
      return [
        line.slice(0, colon),
        line
          .slice(colon + 2)
          .split(', ')
          .map(readField),
      ]
    }),
)

function readField(words: string): GoField {
  const [, mark, name = '', key, type = 'string'] = /^(\+?)(\w+)(?:=(\w+))?(?: (.+))?$/.exec(words)!
  return { name, key: mark ? undefined : (key ?? name[0]!.toLowerCase() + name.slice(1)), type }
}
