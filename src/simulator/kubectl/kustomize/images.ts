import { visit } from './fieldPath.ts'
import { images as imageFields } from './fieldSpecs.ts'
import type { Image } from './kustomization.ts'
import type { Transformer } from './patching.ts'

/** An entry of `images`: a name, tag or digest for every container with an image. */
export function imageTransformer(image: Image): Transformer {
  const isMeant = new RegExp(`^${escaped(image.name ?? '')}(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$`)
  const change = (text: string): string => (isMeant.test(text) ? changed(text, image) : text)
  return resources => {
    for (const resource of resources) {
      if (resource.object.kind === 'CustomResourceDefinition') continue
      changeContainers(resource.object, change)
      for (const spec of imageFields) {
        visit(resource, spec, '', place => {
          if (typeof place.value === 'string') place.set(change(place.value))
        })
      }
    }
  }
}

/** Lists of containers are looked for at any depth, so that kinds kustomize never heard of are served too. */
function changeContainers(node: unknown, change: (text: string) => string): void {
  if (typeof node !== 'object' || node === null) return
  for (const [name, value] of Object.entries(node)) {
    changeContainers(value, change)
    if ((name !== 'containers' && name !== 'initContainers') || !Array.isArray(value)) continue
    for (const container of value as { image?: unknown }[]) {
      if (typeof container?.image === 'string') container.image = change(container.image)
    }
  }
}

function changed(text: string, { newName, newTag, tagSuffix, digest }: Image): string {
  const [, name, tag, oldDigest] = /^(.*?)(?::([^/:@]*))?(?:@(.*))?$/.exec(text)!
  let parts: [tag: string | undefined, digest: string | undefined] = [tag, oldDigest]
  if (newTag || digest) parts = [newTag, digest]
  if (tagSuffix && !newTag && !digest) parts = [`${tag ?? ''}${tagSuffix}`, undefined]
  return `${newName || name}${parts[0] ? `:${parts[0]}` : ''}${parts[1] ? `@${parts[1]}` : ''}`
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
