import { NetworkInterface } from './interface.ts'

/** One end of a cable between two network namespaces. */
export class Veth extends NetworkInterface {
  readonly kind = 'veth'
  /** The other end. */
  get peer(): Veth {
    throw new Error('unfinished')
  }
}
