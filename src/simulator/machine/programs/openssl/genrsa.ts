import { encodePrivateKey } from '../../certificate.ts'
import { type Command, deliver, readOptions } from './command.ts'

/** `openssl genrsa`: makes a private key. */
export const genrsa: Command = async (process, words) => {
  const options = readOptions('genrsa', words, 'quiet verbose', 'out', 'aes128 aes192 aes256 des3 passout')
  await deliver(process, options.get('out'), encodePrivateKey(process.kernel.random.hex(32)), 0o600)
  return 0
}
