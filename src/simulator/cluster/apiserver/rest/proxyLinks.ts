/** Attributes that hold an address, by element. Source: k8s.io/apimachinery/pkg/util/proxy/transport.go. */
const attributes: Readonly<Record<string, string>> = {
  a: 'href',
  applet: 'codebase',
  area: 'href',
  audio: 'src',
  base: 'href',
  blockquote: 'cite',
  body: 'background',
  button: 'formaction',
  command: 'icon',
  del: 'cite',
  embed: 'src',
  form: 'action',
  frame: 'longdesc src',
  head: 'profile',
  html: 'manifest',
  iframe: 'longdesc src',
  img: 'longdesc src usemap',
  input: 'formaction src usemap',
  ins: 'cite',
  link: 'href',
  object: 'classid codebase data usemap',
  q: 'cite',
  script: 'src',
  source: 'src',
  track: 'src',
  video: 'poster src',
}

/** A path below the path that a proxied page has for its reader; other addresses stay. */
export function proxiedPath(prefix: string, url: string): string {
  if (!url.startsWith('/') || url.startsWith('//') || url.startsWith(prefix)) return url
  return prefix + url
}

/** A proxied page whose links lead through the proxy again. */
export function proxiedPage(prefix: string, html: string): string {
  return html.replace(/<([a-z]+)\s[^>]*>/gi, (tag, element: string) => {
    const names = attributes[element.toLowerCase()]?.split(' ')
    if (!names) return tag
    return tag.replace(/([a-z]+)="([^"]*)"/gi, (whole, name: string, value: string) =>
      names.includes(name.toLowerCase()) ? `${name}="${proxiedPath(prefix, value)}"` : whole,
    )
  })
}
