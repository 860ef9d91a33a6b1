/** Why a request ended as it did: one fact each, so that any language can say it. */
export type Cause =
  /** The answer came. `seenAs` is what the other side takes for the sender, when that is not the sender itself. */
  | { readonly kind: 'answered'; readonly by: string; readonly seenAs: string | undefined }
  | { readonly kind: 'stillOpen' }
  | { readonly kind: 'selectorFindsNoPod'; readonly service: string; readonly selector: string }
  | { readonly kind: 'podsNotReady'; readonly service: string; readonly pods: readonly string[] }
  | { readonly kind: 'serviceWithoutSelector'; readonly service: string }
  | {
      readonly kind: 'portNameUnknown'
      readonly service: string
      readonly port: string
      readonly pods: readonly string[]
    }
  | { readonly kind: 'noEndpoints'; readonly service: string }
  | {
      readonly kind: 'noLocalEndpoint'
      readonly service: string
      readonly node: string
      readonly nodes: readonly string[]
    }
  | {
      readonly kind: 'portNotInService'
      readonly service: string
      readonly port: string
      readonly ports: readonly string[]
    }
  | { readonly kind: 'insideOnly'; readonly service: string; readonly address: string; readonly place: string }
  | { readonly kind: 'pingToService'; readonly service: string; readonly address: string }
  | {
      readonly kind: 'nobodyListens'
      readonly place: string
      readonly port: string
      /** `80/tcp (nginx)`. */
      readonly listening: readonly string[]
      /** The Service that sent the request there. */
      readonly service: string | undefined
    }
  | {
      readonly kind: 'listensElsewhere'
      readonly place: string
      /** Where the packet wanted to go. */
      readonly address: string
      readonly port: string
      /** `127.0.0.1 (nginx)`. */
      readonly at: readonly string[]
    }
  | {
      readonly kind: 'addressTwice'
      readonly place: string
      readonly address: string
      readonly pods: readonly string[]
    }
  | {
      readonly kind: 'policyDrops'
      readonly place: string
      readonly direction: 'ingress' | 'egress' | undefined
      readonly pod: string | undefined
      readonly policies: readonly string[]
    }
  | { readonly kind: 'ruleDrops'; readonly place: string }
  | { readonly kind: 'ruleRejects'; readonly place: string }
  | { readonly kind: 'noRoute'; readonly place: string; readonly address: string }
  | { readonly kind: 'routeRefuses' | 'routeSwallows'; readonly place: string; readonly address: string }
  | { readonly kind: 'forwardingOff'; readonly place: string }
  | {
      readonly kind: 'neighbourSilent'
      readonly place: string
      readonly address: string
      readonly owner: string | undefined
    }
  | { readonly kind: 'tooLong'; readonly place: string; readonly mtu: string }
  | { readonly kind: 'interfaceDown'; readonly place: string; readonly device: string }
  | { readonly kind: 'untrueAddress'; readonly place: string }
  | { readonly kind: 'tunnelKnowsNoWay'; readonly place: string; readonly device: string }
  | { readonly kind: 'noTunnel'; readonly place: string }
  | { readonly kind: 'expired'; readonly place: string }
  | { readonly kind: 'tableFull'; readonly place: string }
  | { readonly kind: 'lostOnLine'; readonly place: string; readonly device: string }
  | { readonly kind: 'otherDrop'; readonly place: string; readonly decision: string }
  | { readonly kind: 'lostAfter'; readonly place: string; readonly device: string }
  | { readonly kind: 'datagramUnanswered'; readonly place: string }
  | { readonly kind: 'requestUnanswered'; readonly place: string }
  | {
      readonly kind: 'nameUnknown'
      readonly name: string
      readonly tried: readonly string[]
      readonly servers: readonly string[]
    }
  | { readonly kind: 'nameServerSilent'; readonly name: string; readonly servers: readonly string[] }
  | { readonly kind: 'protocolMissing'; readonly protocol: string }

/** The facts behind a cause of one kind. */
export type CauseOf<Kind extends Cause['kind']> = Extract<Cause, { readonly kind: Kind }>
