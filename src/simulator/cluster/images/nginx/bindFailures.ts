/** Why nginx cannot take a port, in its own words. */
export const bindFailures: Readonly<Record<string, string>> = {
  EADDRINUSE: '98: Address already in use',
  EADDRNOTAVAIL: '99: Cannot assign requested address',
  EACCES: '13: Permission denied',
}
