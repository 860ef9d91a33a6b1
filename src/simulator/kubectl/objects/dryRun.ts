import { Failure } from '../failure.ts'

/** Whether something is really done, only shown, or tried by the server. */
export type DryRun = 'none' | 'client' | 'server'

/** What `--dry-run` says. */
export function dryRunOf({ 'dry-run': value }: { readonly 'dry-run': string }): DryRun {
  switch (value) {
    case 'unchanged':
      throw new Failure(
        '--dry-run flag without a value was specified. A value must be set: "none", "server", or "client".',
      )
    case 'none':
    case 'client':
    case 'server':
      return value
    default:
      throw new Failure(`Invalid dry-run value (${value}). Must be "none", "server", or "client".`)
  }
}

/** `created`, or `created (dry run)`. */
export function withDryRun(operation: string, dryRun: DryRun): string {
  if (dryRun === 'none') return operation
  return `${operation} (${dryRun === 'client' ? 'dry run' : 'server dry run'})`
}

/** The query of a request that may be a dry run. */
export function dryRunQuery(dryRun: DryRun): { dryRun?: string } {
  return dryRun === 'server' ? { dryRun: 'All' } : {}
}
