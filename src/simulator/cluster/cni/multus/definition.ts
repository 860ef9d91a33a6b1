import type { CustomResource } from '../../manifest/customResource.ts'

/** The name by which pods ask for networks. */
export const networksAnnotation = 'k8s.v1.cni.cncf.io/networks'
export const statusAnnotation = 'k8s.v1.cni.cncf.io/network-status'

/** A network that pods can ask for: `spec.config` is a network configuration as it could lie in /etc/cni/net.d. */
export interface NetworkAttachmentDefinition {
  readonly metadata: { readonly name: string; readonly namespace?: string }
  readonly spec?: { readonly config?: string }
}

/** The kind NetworkAttachmentDefinition. */
export const networkAttachmentDefinition: CustomResource = {
  group: 'k8s.cni.cncf.io',
  kind: 'NetworkAttachmentDefinition',
  plural: 'network-attachment-definitions',
  singular: 'network-attachment-definition',
  shortNames: ['net-attach-def'],
  versions: ['v1'],
  hasStatus: false,
  schema: {
    description:
      'NetworkAttachmentDefinition is a CRD schema specified by the Network Plumbing Working Group to express the intent for attaching pods to one or more logical or physical networks.',
    type: 'object',
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { type: 'object' },
      spec: {
        description: 'NetworkAttachmentDefinition spec defines the desired state of a network attachment',
        type: 'object',
        properties: {
          config: {
            description: 'NetworkAttachmentDefinition config is a JSON-formatted CNI configuration',
            type: 'string',
          },
        },
      },
    },
  },
}
