import type { Client } from '../cluster/client.ts'

/** What a check may look at and try out. */
export interface World {
  /** Reads the cluster's objects. */
  readonly client: Client
  /** Runs a command line on the workstation, as the learner would, for at most `within` simulated milliseconds. */
  run(command: string, within?: number): Promise<Ran>
  /** Every request that went through the network so far, oldest first. */
  readonly requests: readonly ObservedRequest[]
  /** What the seed chose for this learner, by name. */
  readonly parameters: Readonly<Record<string, string>>
  /** What was chosen in predictions and questions, by their ids. */
  readonly answers: ReadonlyMap<string, string>
}

/** What a command left behind. */
export interface Ran {
  readonly stdout: string
  readonly stderr: string
  readonly status: number
}

/** One exchange as the network saw it: a TCP connection, a UDP question or an echo request. */
export interface ObservedRequest {
  /** Simulated milliseconds. */
  readonly at: number
  readonly protocol: 'tcp' | 'udp' | 'icmp'
  /** Where it began: `namespace/pod`, or the name of a machine. */
  readonly from: string
  readonly fromAddress: string
  readonly toAddress: string
  /** 0 for ICMP. */
  readonly toPort: number
  readonly verdict: 'answered' | 'refused' | 'rejected' | 'unanswered' | 'open'
}
