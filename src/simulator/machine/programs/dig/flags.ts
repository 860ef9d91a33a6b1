/** What `+word` and `+noword` switch on and off. */
export interface Flags {
  short: boolean
  cmd: boolean
  comments: boolean
  question: boolean
  answer: boolean
  authority: boolean
  additional: boolean
  stats: boolean
  search: boolean
  showsearch: boolean
  recurse: boolean
  tcp: boolean
  edns: boolean
  cookie: boolean
  dnssec: boolean
  ttlid: boolean
  class: boolean
  identify: boolean
  qr: boolean
  aaonly: boolean
  adflag: boolean
  cdflag: boolean
  multiline: boolean
}

/** What dig does when nothing else is said. */
export function defaultFlags(): Flags {
  return {
    short: false,
    cmd: true,
    comments: true,
    question: true,
    answer: true,
    authority: true,
    additional: true,
    stats: true,
    search: false,
    showsearch: false,
    recurse: true,
    tcp: false,
    edns: true,
    cookie: true,
    dnssec: false,
    ttlid: true,
    class: true,
    identify: false,
    qr: false,
    aaonly: false,
    adflag: true,
    cdflag: false,
    multiline: false,
  }
}

/** Flags may be shortened; `missing` for those that only the real dig has. */
export function flagCalled(name: string): keyof Flags | 'missing' | undefined {
  const flags = Object.keys(defaultFlags()) as (keyof Flags)[]
  const aliases: Readonly<Record<string, keyof Flags>> = { defname: 'search', vc: 'tcp', do: 'dnssec', cl: 'class' }
  const exact = flags.find(each => each === name) ?? aliases[name]
  if (exact) return exact
  if (
    /^(trace|nssearch|subnet|ednsopt|ednsflags|nsid|yaml|https|tls|idn|mapped|opcode|padding|expire|keepalive|crypto|rrcomments|ttlunits|unknownformat|zflag|besteffort|dns64prefix|expandaaaa|header-only|sit|topdown|sigchase|onesoa|multi|proxy)/.test(
      name,
    )
  )
    return 'missing'
  return name.length >= 3 ? flags.find(each => each.startsWith(name)) : undefined
}
