import { certgenProgram } from './ingressNginx/certgen.ts'
import { certgenImage, controllerImage } from './ingressNginx/images.ts'
import { applyManifest } from './ingressNginx/manifest.ts'
import { controllerProgram } from './ingressNginx/program.ts'
import type { OptionalAddon } from './optional.ts'

/** The Ingress controller of the Kubernetes project: an nginx that does what Ingresses say. */
export const ingressNginx: OptionalAddon = {
  name: 'ingress-nginx',
  images: [controllerImage, certgenImage],
  install: applyManifest,
  programs: ({ clientOf }) =>
    new Map([
      ['nginx-ingress-controller', controllerProgram(namespace => clientOf(`${namespace}:ingress-nginx`))],
      ['kube-webhook-certgen', certgenProgram(namespace => clientOf(`${namespace}:ingress-nginx-admission`))],
    ]),
}
