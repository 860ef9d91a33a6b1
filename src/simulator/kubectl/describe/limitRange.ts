import type { LimitRange } from '../../cluster/kinds/limitRange.ts'
import { defineDescriber } from './describer.ts'
import { describeLimitSpec, writeLimitHeader } from './quotas.ts'

export const limitRange = defineDescriber<LimitRange>({
  group: '',
  kind: 'LimitRange',
  describe({ metadata, spec }, { text }) {
    text.field('Name', metadata.name)
    text.field('Namespace', metadata.namespace)
    writeLimitHeader(text)
    if (spec) describeLimitSpec(spec, text)
  },
})
