import { type Ingress, ingress } from '../../kinds/ingress.ts'
import { ingressClass } from '../../kinds/ingressClass.ts'
import type { Admission } from './admission.ts'

/** Ingresses that name no class get the one that is marked as the default, if there is one. */
export const defaultIngressClass: Admission = {
  name: 'DefaultIngressClass',
  on: ['create'],
  handles: kind => kind === ingress,
  admit({ object, store }) {
    const { metadata, spec } = object as Ingress
    if (spec.ingressClassName !== undefined || metadata.annotations?.['kubernetes.io/ingress.class']) return
    for (const { object: found } of store.storage.collection(ingressClass).entries()) {
      if (found.metadata.annotations?.['ingressclass.kubernetes.io/is-default-class'] !== 'true') continue
      spec.ingressClassName = found.metadata.name
      return
    }
  },
}
