import { defineCommand } from '../../command.ts'
import { fileFlags } from '../../flags/files.ts'
import { boolean } from '../../flags/flag.ts'
import { outputFlags } from '../../flags/printing.ts'
import { decideRequests } from '../../objects/certificateRequests.ts'

const flags = {
  ...outputFlags,
  ...fileFlags('Filename, directory, or URL to files identifying the resource to update'),
  force: boolean('Update the CSR even if it is already approved.'),
}

/** `kubectl certificate approve`: approve a certificate signing request. */
export const certificateApprove = defineCommand({
  name: 'approve',
  summary: 'Approve a certificate signing request',
  description: `Approve a certificate signing request.

 kubectl certificate approve allows a cluster admin to approve a certificate signing request (CSR). This action tells a certificate signing controller to issue a certificate to the requester with the attributes requested in the CSR.

 SECURITY NOTICE: Depending on the requested attributes, the issued certificate can potentially grant a requester access to cluster resources or to authenticate as a requested identity. Before approving a CSR, ensure you understand what the signed certificate can do.`,
  examples: `  # Approve CSR 'csr-sqgzp'
  kubectl certificate approve csr-sqgzp`,
  usage: '(-f FILENAME | NAME)',
  flags,
  run: invocation =>
    decideRequests(invocation, invocation.flags, { type: 'Approved', reason: 'KubectlApprove', word: 'approved' }),
})
