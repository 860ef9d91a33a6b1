/** An image name, taken apart. */
export interface ImageReference {
  /** `docker.io/library/nginx`. */
  readonly repository: string
  readonly domain: string
  /** `library/nginx`. */
  readonly path: string
  readonly tag: string | undefined
  /** `sha256:…`. */
  readonly digest: string | undefined
}

/** An image name that cannot be understood; the message is containerd's. */
export class InvalidImageName extends Error {}

const domainPart = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])'
const domain = `(?:${domainPart}(?:\\.${domainPart})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`
const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*'
const referencePattern = new RegExp(
  `^(${domain})/(${component}(?:/${component})*)(?::(\\w[\\w.-]{0,127}))?(?:@([A-Za-z][A-Za-z0-9]*:[0-9a-fA-F]{32,}))?$`,
)

/** Reads a name as container runtimes do: Docker Hub and `library/` go without saying (github.com/distribution/reference). */
export function parseImageReference(text: string): ImageReference {
  if (/^[a-f0-9]{64}$/.test(text))
    throw new InvalidImageName(`invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`)
  const [host, rest] = splitDomain(text)
  const name = rest.includes(':') ? rest.slice(0, rest.indexOf(':')) : rest
  if (name.toLowerCase() !== name)
    throw new InvalidImageName(`invalid reference format: repository name (${name}) must be lowercase`)
  const parts = referencePattern.exec(`${host}/${rest}`)
  if (!parts) throw new InvalidImageName('invalid reference format')
  const path = parts[2]!
  if (path.length > 255) throw new InvalidImageName('repository name must not be more than 255 characters')
  return { repository: `${parts[1]}/${path}`, domain: parts[1]!, path, tag: parts[3], digest: parts[4] }
}

const written = new RegExp(
  `^(?:${domain}/)?${component}(?:/${component})*(?::\\w[\\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*:[0-9a-fA-F]{32,})?$`,
)

/** What is wrong with a name as it is written, before Docker Hub is added to it. */
export function imageNameProblem(text: string): string | undefined {
  if (written.test(text)) return undefined
  return written.test(text.toLowerCase()) ? 'repository name must be lowercase' : 'invalid reference format'
}

/** The name as the runtime writes it in full: `docker.io/library/nginx:latest`. */
export function fullName(reference: ImageReference): string {
  if (reference.digest) return `${reference.repository}@${reference.digest}`
  return `${reference.repository}:${reference.tag ?? 'latest'}`
}

function splitDomain(text: string): [host: string, rest: string] {
  const slash = text.indexOf('/')
  const first = slash < 0 ? '' : text.slice(0, slash)
  const isHost = /[.:]/.test(first) || first === 'localhost' || first.toLowerCase() !== first
  const host = slash < 0 || !isHost ? 'docker.io' : first === 'index.docker.io' ? 'docker.io' : first
  const rest = slash < 0 || !isHost ? text : text.slice(slash + 1)
  return [host, host === 'docker.io' && !rest.includes('/') ? `library/${rest}` : rest]
}
