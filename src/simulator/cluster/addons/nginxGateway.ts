import { gatewayApi } from './gatewayApi.ts'
import { gatewayProgram } from './nginxGateway/controlPlane.ts'
import { controlPlaneImage, dataPlaneImage } from './nginxGateway/images.ts'
import { applyManifest } from './nginxGateway/manifest.ts'
import type { OptionalAddon } from './optional.ts'

/** NGINX Gateway Fabric: a controller of the Gateway API that runs an nginx for each Gateway. */
export const nginxGateway: OptionalAddon = {
  name: 'nginx-gateway',
  images: [controlPlaneImage, dataPlaneImage],
  install(client) {
    gatewayApi.install(client)
    applyManifest(client)
  },
  programs: ({ clientOf }) => new Map([['gateway', gatewayProgram(clientOf)]]),
}
