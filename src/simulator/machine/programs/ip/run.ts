import { parseIpv4 } from '../../../network/address.ts'
import type { NetworkNamespace } from '../../../network/namespace.ts'
import { mayAdministerNetwork } from '../../networkRights.ts'
import type { Process } from '../../program.ts'
import type { LinkStyle } from './linkText.ts'
import { IpError, kernelError } from './words.ts'

/** The options in front of the object. */
export interface IpOptions {
  readonly family: 4 | undefined
  readonly isBrief: boolean
  readonly isOneLine: boolean
  readonly hasDetails: boolean
  readonly hasStatistics: boolean
}

/** One call of `ip`: whose namespace it looks at, and how it shows things. */
export class IpRun implements IpOptions {
  readonly process: Process
  readonly network: NetworkNamespace
  readonly family: 4 | undefined
  readonly isBrief: boolean
  readonly isOneLine: boolean
  readonly hasDetails: boolean
  readonly hasStatistics: boolean

  constructor(process: Process, options: IpOptions, networkName: string | undefined) {
    this.process = process
    this.family = options.family
    this.isBrief = options.isBrief
    this.isOneLine = options.isOneLine
    this.hasDetails = options.hasDetails
    this.hasStatistics = options.hasStatistics
    this.network = networkName === undefined ? process.network : this.namespaceCalled(networkName)
  }

  get isBusybox(): boolean {
    return this.process.flavour === 'busybox'
  }

  async print(line: string): Promise<void> {
    await this.process.write(`${line}\n`)
  }

  /** Lines that belong together: with `-o` they are one, joined by backslashes. */
  async printBlock(lines: readonly string[]): Promise<void> {
    await this.print(lines.join(this.isOneLine ? '\\' : '\n'))
  }

  linkStyle(changes: Pick<LinkStyle, 'hasMode'>): LinkStyle {
    return {
      isBusybox: this.isBusybox,
      hasDetails: this.hasDetails,
      hasStatistics: this.hasStatistics,
      isInetOnly: this.family === 4,
      ...changes,
    }
  }

  /** Only root may change the network. */
  demandRoot(): void {
    if (!mayAdministerNetwork(this.process.user)) throw kernelError('Operation not permitted')
  }

  /** The namespaces that have a name in /var/run/netns; containers do not see them. */
  namedNamespaces(): readonly NetworkNamespace[] {
    const { machine } = this.process
    if (machine.parent) return []
    const home = machine.network
    return home.network.namespaces.filter(each => each !== home && each.machine === home.machine)
  }

  namespaceCalled(name: string): NetworkNamespace {
    const network = this.namedNamespaces().find(each => each.name === name)
    if (!network) throw new IpError(`Cannot open network namespace "${name}": No such file or directory`)
    return network
  }

  parseAddress(text: string): number {
    const address = parseIpv4(text)
    if (address === undefined) throw new IpError(`Error: any valid address is expected rather than "${text}".`, 1)
    return address
  }
}
