import type { Process } from '../../../../machine/program.ts'
import type { Datapath } from '../datapath.ts'
import { reservedIdentity, reservedLabel } from '../identity.ts'

/** What `cilium-dbg` does for the words that name it. */
export interface DbgCommand {
  /** `bpf policy get`; further ways to write it behind it. */
  readonly words: readonly string[]
  readonly summary: string
  /** Its switches and options, with their dashes; those that take a value end in `=`. */
  readonly flags?: readonly string[]
  run(request: DbgRequest): Promise<number>
}

/** A command line, and the node that it is about. */
export interface DbgRequest {
  readonly process: Process
  readonly datapath: Datapath
  /** What follows the words of the command, without options. */
  readonly operands: readonly string[]
  /** Options by name, `--last`; switches have an empty value. */
  readonly options: ReadonlyMap<string, string>
}

/** The labels that an identity stands for. */
export function labelsOf(datapath: Datapath, identity: number): readonly string[] {
  if (identity === reservedIdentity.host && datapath.options.hostLabels.includes('reserved:kube-apiserver'))
    return ['reserved:host', 'reserved:kube-apiserver']
  if (identity === reservedIdentity['kube-apiserver']) return ['reserved:kube-apiserver', 'reserved:remote-node']
  const reserved = reservedLabel(identity)
  if (reserved) return [reserved]
  const known = datapath.agent?.identities().get(identity)
  if (known) return known
  const range = datapath.ipCache.ranges.find(each => each.identity === identity)
  return range ? [`cidr:${rangeText(range.prefix)}`, 'reserved:world'] : []
}

/** `10.0.0.0/8`. */
export function rangeText({ address, length }: { readonly address: number; readonly length: number }): string {
  const parts = [address >>> 24, (address >>> 16) & 255, (address >>> 8) & 255, address & 255]
  return `${parts.join('.')}/${length}`
}

/** An identity as lists write it: the name of a reserved one, else its number. */
export function identityText(identity: number): string {
  return reservedLabel(identity)?.replace('reserved:', '') ?? String(identity)
}
