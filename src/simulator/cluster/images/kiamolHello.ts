import { anyOf, type Image } from './image.ts'
import { layNginx, nginxSettings } from './nginx/layer.ts'

/** A page that says hello. */
export const kiamolHello: Image = {
  repository: 'docker.io/kiamol/ch02-hello-kiamol',
  hasTag: anyOf('latest'),
  size: () => 16_900_000,
  settings: () => ({ ...nginxSettings, ports: ['80/tcp'] }),
  build: (files, _tag, programs) =>
    layNginx(files, programs, '1.17.10', {
      isAlpine: true,
      page: '<html>\n  <body>\n    <h1>\n      Hello from Chapter 2!\n    </h1>\n  </body>\n</html>\n',
    }),
}
