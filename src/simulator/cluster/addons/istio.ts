import { istioImages } from './istio/images.ts'
import { istioctl } from './istio/istioctl/command.ts'
import { createIstiodProgram } from './istio/istiod.ts'
import { installIstio } from './istio/manifest.ts'
import { pilotAgent } from './istio/pilotAgent.ts'
import { startZipkin } from './istio/zipkin.ts'
import type { OptionalAddon } from './optional.ts'

/** A service mesh: an Envoy beside the containers of each pod that wants one, and a control plane that tells them what to do. */
export const istio: OptionalAddon = {
  name: 'istio',
  images: istioImages,
  install: installIstio,
  programs: ({ clientOf }) =>
    new Map([
      ['pilot-discovery', createIstiodProgram(clientOf('istio-system:istiod'))],
      ['pilot-agent', pilotAgent],
      ['start-zipkin', startZipkin],
    ]),
  commands: parts => [istioctl(parts)],
}
