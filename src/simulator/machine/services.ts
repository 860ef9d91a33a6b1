import { FileError } from './fileError.ts'
import type { Process } from './program.ts'

/** The names of ports that people meet most often: what /etc/services would say (IANA). */
// Simplified: a short list stands for the whole registry; a machine's own /etc/services comes first.
const wellKnown: readonly (readonly [name: string, port: number, protocols: string])[] = [
  ['echo', 7, 'tcp udp'],
  ['discard', 9, 'tcp udp'],
  ['daytime', 13, 'tcp'],
  ['ftp-data', 20, 'tcp'],
  ['ftp', 21, 'tcp'],
  ['ssh', 22, 'tcp'],
  ['telnet', 23, 'tcp'],
  ['smtp', 25, 'tcp'],
  ['domain', 53, 'tcp udp'],
  ['bootps', 67, 'udp'],
  ['bootpc', 68, 'udp'],
  ['tftp', 69, 'udp'],
  ['http', 80, 'tcp'],
  ['kerberos', 88, 'tcp udp'],
  ['pop3', 110, 'tcp'],
  ['sunrpc', 111, 'tcp udp'],
  ['ntp', 123, 'udp'],
  ['imap2', 143, 'tcp'],
  ['snmp', 161, 'tcp udp'],
  ['bgp', 179, 'tcp'],
  ['ldap', 389, 'tcp udp'],
  ['https', 443, 'tcp udp'],
  ['submission', 587, 'tcp'],
  ['ldaps', 636, 'tcp udp'],
  ['domain-s', 853, 'tcp udp'],
  ['imaps', 993, 'tcp'],
  ['pop3s', 995, 'tcp'],
  ['ms-sql-s', 1433, 'tcp'],
  ['nfs', 2049, 'tcp udp'],
  ['mysql', 3306, 'tcp'],
  ['sip', 5060, 'tcp udp'],
  ['postgresql', 5432, 'tcp'],
  ['amqp', 5672, 'tcp'],
  ['redis', 6379, 'tcp'],
  ['http-alt', 8080, 'tcp udp'],
  ['zabbix-agent', 10050, 'tcp'],
]

/** The name of a port in /etc/services; undefined when it has none. */
export function serviceName(process: Process, port: number, protocol: 'tcp' | 'udp' | 'sctp'): string | undefined {
  return services(process).find(each => each[1] === port && each[2].includes(protocol))?.[0]
}

/** The port that a name stands for; undefined when nobody knows it. */
export function servicePort(process: Process, name: string, protocol: 'tcp' | 'udp'): number | undefined {
  return services(process).find(each => each[0] === name && each[2].includes(protocol))?.[1]
}

function services(process: Process): readonly (readonly [name: string, port: number, protocols: string])[] {
  let text: string
  try {
    text = process.files.readText('/etc/services')
  } catch (error) {
    if (error instanceof FileError) return wellKnown
    throw error
  }
  return text.split('\n').flatMap(line => {
    const parts = /^(\S+)\s+(\d+)\/(\w+)([^#]*)/.exec(line)
    if (!parts) return []
    const names = [parts[1]!, ...parts[4]!.trim().split(/\s+/).filter(Boolean)]
    return names.map(name => [name, Number(parts[2]), parts[3]!] as const)
  })
}
