import type { KubernetesObject } from '../../api/object.ts'
import type { Change, Client } from '../../client.ts'
import type { Kind } from '../../kinds/kind.ts'

/** Where MetalLB runs. */
export const namespace = 'metallb-system'

/** The objects of a kind that a definition brought; none while it is not there. MetalLB heeds its own namespace alone. */
export function listCustom<T extends KubernetesObject>(client: Client, kind: string): readonly T[] {
  const found = customKind(client, kind)
  return found ? (client.list(found, { namespace }) as unknown as readonly T[]) : []
}

/** Hears of changes to the objects of such a kind, as soon as it is defined. */
export function watchCustom(client: Client, kind: string, onChange: (change: Change) => void): () => void {
  let end: (() => void) | undefined
  const begin = (found: Kind | undefined) => {
    if (found && !end) end = client.watch(found, onChange)
  }
  begin(customKind(client, kind))
  client.onNewKind(found => begin(isIt(found, kind) ? found : undefined))
  return () => end?.()
}

function customKind(client: Client, kind: string): Kind | undefined {
  return client.kinds().find(found => isIt(found, kind))
}

function isIt(found: Kind, kind: string): boolean {
  return found.kind === kind && found.group === 'metallb.io'
}
