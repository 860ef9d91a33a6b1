// The last patch of each branch; what has no number is the branch of that name.
const patches: Readonly<Record<string, string>> = {
  '1.14': '1.14.2',
  '1.15': '1.15.12',
  '1.16': '1.16.1',
  '1.17': '1.17.10',
  '1.18': '1.18.0',
  '1.19': '1.19.10',
  '1.20': '1.20.2',
  '1.21': '1.21.6',
  '1.22': '1.22.1',
  '1.23': '1.23.4',
  '1.24': '1.24.0',
  '1.25': '1.25.5',
  '1.26': '1.26.3',
  '1.27': '1.27.5',
  '1.28': '1.28.0',
  '1.29': '1.29.3',
}
const variants = /-(alpine|alpine-slim|alpine-perl|perl|bookworm|bullseye|buster|trixie|otel)$/

/** The version that a tag stands for, if there is such a tag. */
export function versionOf(tag: string): string | undefined {
  const plain = tag.replace(variants, '').replace(/-\d$/, '')
  if (/^(latest|mainline|1|alpine|alpine-slim|perl|bookworm|trixie)$/.test(plain)) return patches['1.29']
  if (plain === 'stable') return patches['1.28']
  const parts = /^(1\.\d+)(?:\.(\d+))?$/.exec(plain)
  const newest = parts && (patches[parts[1]!] ?? (/^1\.([7-9]|1[0-3])$/.test(parts[1]!) ? `${parts[1]}.12` : undefined))
  if (!newest) return undefined
  if (parts![2] === undefined) return newest
  return Number(parts![2]) <= Number(newest.split('.')[2]) ? plain : undefined
}

/** The variables that the images of the project carry. */
export function environmentOf(tag: string): Readonly<Record<string, string>> {
  return { NGINX_VERSION: versionOf(tag)!, PKG_RELEASE: '1~bookworm', DYNPKG_RELEASE: '1~bookworm' }
}

/** Bytes to download. */
export function sizeOf(tag: string): number {
  return /alpine/.test(tag) ? 20_461_204 : 31_489_023
}
