const mark = '#lab='

/** The part of an address that carries a lab's settings to somebody else. */
export function linkOf(settings: string): string {
  const bytes = new TextEncoder().encode(settings)
  return (
    mark +
    btoa(String.fromCharCode(...bytes))
      .replace(/\+/g, '-')
      .replace(/\//g, '_')
      .replace(/=+$/, '')
  )
}

/** The settings that an address carries; undefined when it carries none, or when they got damaged on the way. */
export function settingsOfLink(hash: string): string | undefined {
  if (!hash.startsWith(mark)) return undefined
  try {
    const binary = atob(hash.slice(mark.length).replace(/-/g, '+').replace(/_/g, '/'))
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(binary, char => char.charCodeAt(0)))
  } catch {
    return undefined
  }
}
