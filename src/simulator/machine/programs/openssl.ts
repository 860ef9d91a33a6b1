import type { Process, Program } from '../program.ts'
import { type Command, OpensslError } from './openssl/command.ts'
import { genrsa } from './openssl/genrsa.ts'
import { passwd } from './openssl/passwd.ts'
import { req } from './openssl/req.ts'
import { sClient } from './openssl/sClient.ts'
import { x509 } from './openssl/x509.ts'

const version = 'OpenSSL 3.0.19 27 Jan 2026 (Library: OpenSSL 3.0.19 27 Jan 2026)'
const commands = new Map<string, Command>(Object.entries({ genrsa, passwd, req, s_client: sClient, x509 }))
const known =
  `asn1parse ca ciphers cmp cms crl crl2pkcs7 dgst dhparam dsa dsaparam ec ecparam enc engine errstr fipsinstall gendsa
  genpkey genrsa help info kdf list mac nseq ocsp passwd pkcs12 pkcs7 pkcs8 pkey pkeyparam pkeyutl prime rand rehash req rsa
  rsautl s_client s_server s_time sess_id smime speed spkac srp storeutl ts verify version x509`.split(/\s+/)

// Simplified: keys and signatures are names, so of all commands those are there that make and show certificates.
/** Makes, signs and shows certificates, and speaks TLS with servers. */
export const openssl: Program = {
  name: 'openssl',
  summary: 'OpenSSL command line program',
  usage: 'command [ options ... ]',
  notSimulated: 'asn1parse ca dgst ec ecparam enc genpkey pkcs12 pkey rand rsa s_server verify',
  async run(process: Process) {
    const [name, ...words] = process.argv.slice(1)
    if (name === 'version') {
      await process.write(`${version}\n`)
      return 0
    }
    if (name === undefined || name === 'help') {
      await process.stderr.write(listing())
      return 0
    }
    const command = commands.get(name)
    if (!command) {
      const problem = known.includes(name)
        ? `openssl ${name} is not simulated here`
        : `Invalid command '${name}'; type "help" for a list.`
      await process.stderr.write(`${problem}\n`)
      return 1
    }
    try {
      return await command(process, words)
    } catch (error) {
      if (!(error instanceof OpensslError)) throw error
      await process.stderr.write(`${error.message}\n`)
      return error.status
    }
  },
}

/** The commands in four columns, as `openssl help` lists them. */
function listing(): string {
  const rows = known.map((name, index) => `${name.padEnd(18)}${index % 4 === 3 ? '\n' : ''}`)
  return `help:\n\nStandard commands\n${rows.join('')}\n\n`
}
