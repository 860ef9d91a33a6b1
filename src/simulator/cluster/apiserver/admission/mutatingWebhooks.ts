import { decode } from '../../api/decode.ts'
import { ApiError } from '../../api/error.ts'
import { jsonPatch, type Operation } from '../../api/jsonPatch.ts'
import type { KubernetesObject } from '../../api/object.ts'
import { schemaNameOf } from '../../api/schemaName.ts'
import type { Kind } from '../../kinds/kind.ts'
import { mutatingWebhookConfiguration } from '../../kinds/mutatingWebhookConfiguration.ts'
import type { Admission } from './admission.ts'
import { askWebhooks, isWatched } from './webhooks/webhooks.ts'

// Simplified: no webhook is asked a second time after others have changed the object.
/** Lets servers outside change objects before they are written: this is how sidecars get into pods. */
export const mutatingWebhooks: Admission = {
  name: 'MutatingAdmissionWebhook',
  on: ['create', 'update'],
  handles: isWatched,
  admit(attempt) {
    const { kind, object } = attempt
    askWebhooks(attempt, mutatingWebhookConfiguration, ({ patch }, { name }) => {
      if (!patch) return
      let changed: unknown
      try {
        changed = jsonPatch(object, JSON.parse(fromBytes(patch)) as Operation[])
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        throw ApiError.internal(`failed calling webhook ${JSON.stringify(name)}: ${why}`)
      }
      replace(object, readAgain(kind, changed))
    })
  },
}

function fromBytes(base64: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(base64), letter => letter.charCodeAt(0)))
}

/** What a webhook writes is read like any other object: pruned, and filled in. */
function readAgain(kind: Kind, changed: unknown): KubernetesObject {
  const { value } = kind.custom?.decode(changed) ?? decode(changed, kind.schema ?? schemaNameOf(kind))
  kind.defaults?.(value as KubernetesObject)
  return value as KubernetesObject
}

/** Whoever holds the object, or its metadata, holds what the webhook has made of it. */
function replace(object: KubernetesObject, next: KubernetesObject): void {
  const { metadata } = object
  overwrite(metadata, next.metadata)
  overwrite(object, { ...next, metadata })
}

function overwrite(target: object, next: object): void {
  for (const name of Object.keys(target)) delete (target as Record<string, unknown>)[name]
  Object.assign(target, next)
}
