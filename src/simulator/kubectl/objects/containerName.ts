import type { Random } from '../../random.ts'

/** A name for a container made of its image's: `nginx` for `docker.io/library/nginx:1.27`. */
export function containerName(image: string, random: Random): string {
  const name = image.split('/').at(-1)!.split(':')[0]!.split('@')[0]!
  return /[_.]/.test(name) ? `${name.replace(/[_.]/g, '-')}-${random.suffix(5)}` : name
}
