import type { Client } from '../../client.ts'
import type { Ingress } from '../../kinds/ingress.ts'
import { ingressClass } from '../../kinds/ingressClass.ts'

/** Which Ingresses a controller serves. */
export interface ClassSettings {
  /** `k8s.io/ingress-nginx`. */
  readonly controller: string
  /** What the old annotation says: `nginx`. */
  readonly annotation: string
  /** Whether Ingresses without any class are served too. */
  readonly withoutClass: boolean
  readonly byName: boolean
}

const classAnnotation = 'kubernetes.io/ingress.class'

/** Why an Ingress is none of this controller's; undefined when it is. */
export function foreignness(client: Client, { metadata, spec }: Ingress, settings: ClassSettings): string | undefined {
  const annotation = metadata.annotations?.[classAnnotation]
  if (annotation !== undefined && annotation !== '')
    return annotation === settings.annotation
      ? undefined
      : 'ingress class annotation is not equal to the expected by Ingress Controller'
  const name = spec.ingressClassName
  if (name === undefined) return settings.withoutClass ? undefined : 'ingress does not contain a valid IngressClass'
  if (settings.byName && name === settings.annotation) return undefined
  const found = client.get(ingressClass, name)
  return found?.spec?.controller === settings.controller ? undefined : 'ingress does not contain a valid IngressClass'
}
