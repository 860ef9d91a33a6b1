import type { Reachable } from './reachable.ts'
import type { ServicePort } from './servicePort.ts'

/** One port of a Service with what may serve it. */
export interface Target {
  readonly port: ServicePort
  readonly reachable: Reachable
}

/** A way to make Service addresses work. */
export interface ProxyMode {
  /** Makes the node's rules say what the Services want. */
  sync(targets: readonly Target[]): void
  /** Ends what it does besides; the rules stay. */
  stop?(): void
}
