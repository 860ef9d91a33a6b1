import { defineCommand } from '../../command.ts'
import { fileFlags } from '../../flags/files.ts'
import { boolean } from '../../flags/flag.ts'
import { outputFlags } from '../../flags/printing.ts'
import { decideRequests } from '../../objects/certificateRequests.ts'

const flags = {
  ...outputFlags,
  ...fileFlags('Filename, directory, or URL to files identifying the resource to update'),
  force: boolean('Update the CSR even if it is already denied.'),
}

/** `kubectl certificate deny`: deny a certificate signing request. */
export const certificateDeny = defineCommand({
  name: 'deny',
  summary: 'Deny a certificate signing request',
  description: `Deny a certificate signing request.

 kubectl certificate deny allows a cluster admin to deny a certificate signing request (CSR). This action tells a certificate signing controller to not to issue a certificate to the requester.`,
  examples: `  # Deny CSR 'csr-sqgzp'
  kubectl certificate deny csr-sqgzp`,
  usage: '(-f FILENAME | NAME)',
  flags,
  run: invocation =>
    decideRequests(invocation, invocation.flags, { type: 'Denied', reason: 'KubectlDeny', word: 'denied' }),
})
