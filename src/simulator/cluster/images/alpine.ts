import type { Image } from './image.ts'
import { layAlpine } from './layers/alpine.ts'

const versions = /^(latest|edge|3(\.(1\d|2[0-2]))?(\.\d{1,2})?)$/

/** A small Linux distribution. */
export const alpine: Image = {
  repository: 'docker.io/library/alpine',
  hasTag: tag => versions.test(tag),
  size: () => 3_806_000,
  settings: () => ({ command: ['/bin/sh'] }),
  build: (files, tag, programs) => layAlpine(files, programs, versionOf(tag)),
}

function versionOf(tag: string): string {
  if (!/^3\.\d+/.test(tag)) return '3.22.2'
  return tag.split('.').length === 2 ? `${tag}.0` : tag
}
