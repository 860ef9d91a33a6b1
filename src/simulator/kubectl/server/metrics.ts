import { Failure } from '../failure.ts'
import type { Invocation } from '../invocation.ts'

/** The flags that `kubectl top` checks before it asks for anything. */
export interface MetricsFlags {
  readonly selector: string
  readonly 'sort-by': string
}

/** Ends `kubectl top` where no metrics server is installed. */
export async function requireMetrics(invocation: Invocation, flags: MetricsFlags): Promise<never> {
  const { args, path } = invocation
  if (args.length > 1) throw invocation.usageError(`${path.at(-1)} [NAME | -l label]`)
  if (!/^(|cpu|memory)$/.test(flags['sort-by'])) throw new Failure('--sort-by accepts only cpu or memory')
  if (args.length === 1 && flags.selector) throw new Failure('only one of NAME or selector can be provided')
  const { all } = await invocation.resources(true)
  if (!all.some(({ group }) => group === 'metrics.k8s.io')) throw new Failure('Metrics API not available')
  throw new Failure('metrics of nodes and pods are not simulated here')
}
