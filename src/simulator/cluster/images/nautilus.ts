import { agnhostProgram } from './agnhost/agnhost.ts'
import { anyOf, type Image } from './image.ts'
import { layAlpine } from './layers/alpine.ts'

/** Two pictures that a demonstration replaces by each other while it is being looked at. */
export const [nautilus, kitten] = ['nautilus', 'kitten'].map(picture) as [Image, Image]

function picture(name: string): Image {
  return {
    repository: `registry.k8s.io/e2e-test-images/${name}`,
    hasTag: anyOf('1.8'),
    size: () => 49_230_179,
    settings: () => ({ entrypoint: ['/agnhost', 'test-webserver'], ports: ['80/tcp'] }),
    build(files, _, programs) {
      layAlpine(files, programs, '3.18.4')
      files.install('/agnhost', agnhostProgram('2.63.0'))
      files.writeText('/data.json', `{\n    "image": "${name}.jpg"\n}\n`)
    },
  }
}
