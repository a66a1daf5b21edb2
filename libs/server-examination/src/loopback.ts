/** Whether a host name always means the machine, or the container, on which it is looked up. Pure. */
export const isLoopback = (host: string): boolean => /^(localhost|127(\.\d+){3}|\[?::1\]?)$/i.test(host);
