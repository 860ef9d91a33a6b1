import type { CertificateSigningRequest } from 'kubernetes-types/certificates/v1'
import { Failure, isConflict } from '../failure.ts'
import type { Invocation } from '../invocation.ts'
import { type OutputFlags, printerFor } from '../output/printer.ts'
import type { AnyObject } from '../server/object.ts'
import { pathOf } from '../server/resource.ts'
import { Selection } from './selection.ts'
import type { Target } from './target.ts'

/** The flags of approve and deny. */
export interface DecisionFlags extends OutputFlags {
  readonly filename: readonly string[]
  readonly kustomize: string
  readonly recursive: boolean
  readonly force: boolean
}

/** A condition that decides about a request for a certificate. */
export interface Decision {
  readonly type: 'Approved' | 'Denied'
  readonly reason: string
  /** `approved`, as it is printed. */
  readonly word: string
}

/** How often a change is tried again when someone else was faster. */
const attempts = 10

/** Approves or denies the chosen requests for certificates. */
export async function decideRequests(invocation: Invocation, flags: DecisionFlags, decision: Decision): Promise<void> {
  const { args } = invocation
  if (args.length === 0 && flags.filename.length === 0 && !flags.kustomize) {
    throw new Failure('one or more CSRs must be specified as <name> or -f <filename>')
  }
  invocation.config.check()
  const selection = await Selection.of(invocation, {
    args: args.length > 0 ? ['certificatesigningrequests', ...args] : [],
    filenames: flags.filename,
    kustomize: flags.kustomize,
    isRecursive: flags.recursive,
  })
  const printer = printerFor(invocation.process, flags, { operation: decision.word })
  let count = 0
  await selection.each(
    async target => {
      await decide(invocation, target, flags.force, decision)
      count++
      await invocation.print(printer.print(target.object))
    },
    { isLatest: true },
  )
  if (count === 0) await invocation.print('No resources found\n')
}

async function decide(
  invocation: Invocation,
  { resource, name, object }: Target,
  isForced: boolean,
  { type, reason, word }: Decision,
): Promise<void> {
  const { api } = invocation
  let current: AnyObject = object
  for (let attempt = 1; ; attempt++) {
    const { status } = current as unknown as CertificateSigningRequest
    const conditions = status?.conditions ?? []
    const opposite = conditions.find(condition => condition.type === (type === 'Approved' ? 'Denied' : 'Approved'))
    if (opposite) throw new Failure(`certificate signing request ${JSON.stringify(name)} is already ${opposite.type}`)
    const isDecided = conditions.some(condition => condition.type === type)
    if (isDecided && !isForced) return
    const condition = {
      type,
      status: 'True',
      reason,
      message: `This CSR was ${word} by kubectl certificate ${type === 'Approved' ? 'approve' : 'deny'}.`,
      lastUpdateTime: new Date(invocation.now).toISOString().replace(/\.\d+Z$/, 'Z'),
    }
    const changed = {
      ...current,
      status: { ...status, conditions: isDecided ? conditions : [...conditions, condition] },
    }
    try {
      await api.write('PUT', pathOf(resource, undefined, name, 'approval'), changed)
      return
    } catch (error) {
      if (!isConflict(error) || attempt === attempts) throw error
      current = await api.get(resource, undefined, name)
    }
  }
}
