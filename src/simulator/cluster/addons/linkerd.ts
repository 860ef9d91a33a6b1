import { linkerdCommand } from './linkerd/command.ts'
import { createController } from './linkerd/controller.ts'
import { linkerdImages } from './linkerd/images.ts'
import { linkerdAwait } from './linkerd/linkerdAwait.ts'
import { installLinkerd } from './linkerd/manifest.ts'
import { linkerdProxy } from './linkerd/proxy.ts'
import { proxyInit } from './linkerd/proxyInit.ts'
import type { OptionalAddon } from './optional.ts'

/** A service mesh: a small proxy beside the containers of each pod that wants one, with mutual TLS from the start. */
export const linkerd: OptionalAddon = {
  name: 'linkerd',
  images: linkerdImages,
  install: installLinkerd,
  programs: ({ clientOf }) =>
    new Map([
      ['linkerd-controller', createController(clientOf('linkerd:linkerd-destination'))],
      ['linkerd2-proxy', linkerdProxy],
      ['linkerd-await', linkerdAwait],
      ['linkerd2-proxy-init', proxyInit],
    ]),
  commands: parts => [linkerdCommand(parts)],
}
