/** Every version that is built or pulled, in one place. Changing one changes the keys of what depends on it, and rebuilds just that. */
export const versions = {
  kubernetes: 'v1.34.4',
  /** Its node image's base files are used at build time, straight from Go's module cache. */
  kind: 'v0.30.0',
  etcd: 'v3.6.16',
  coredns: 'v1.12.1',
  localPathProvisioner: 'v0.0.30',
  debian: 'bookworm',
  /** From kind v0.31.0's release notes. */
  upstreamNode: 'kindest/node:v1.34.3@sha256:08497ee19eace7b4b5348db5c6a1591d7752b164530a36f855cb0f2bdcbadd48',
} as const;
