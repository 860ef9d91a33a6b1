import type { IngressClass } from '../../cluster/kinds/ingressClass.ts'
import { defineDescriber } from './describer.ts'

export const ingressClass = defineDescriber<IngressClass>({
  group: 'networking.k8s.io',
  kind: 'IngressClass',
  async describe(ingressClass, view) {
    const { metadata, spec } = ingressClass
    const { text } = view
    text.field('Name', metadata.name)
    text.labels('Labels', metadata.labels)
    text.annotations(metadata.annotations)
    text.field('Controller', spec?.controller ?? '')
    const parameters = spec?.parameters
    if (parameters) {
      text.heading('Parameters')
      if (parameters.apiGroup) text.field('APIGroup', parameters.apiGroup, 1)
      text.field('Kind', parameters.kind, 1)
      text.field('Name', parameters.name, 1)
    }
    await view.events(ingressClass)
  },
})
