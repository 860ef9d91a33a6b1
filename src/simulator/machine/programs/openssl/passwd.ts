import { md5Crypt } from '../../md5Crypt.ts'
import { type Command, OpensslError, readOptions } from './command.ts'

const letters = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** `openssl passwd`: what a file of passwords holds instead of the password. */
export const passwd: Command = async (process, words) => {
  const options = readOptions('passwd', words, 'apr1 1 stdin noverify quiet', 'salt in', '5 6 aixmd5')
  const magic = options.has('apr1') ? '$apr1$' : '$1$'
  const { random } = process.kernel
  const salt = options.get('salt') ?? Array.from({ length: 8 }, () => letters[random.below(letters.length)]!).join('')
  const given = options.has('stdin') ? (await process.readAll()).split('\n').filter(Boolean) : options.operands
  if (given.length === 0)
    throw new OpensslError('passwd: asking for passwords is not simulated here: give them as words')
  for (const password of given) await process.write(`${md5Crypt(password, salt.slice(0, 8), magic)}\n`)
  return 0
}
