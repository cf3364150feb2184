/** The images that the tutorial goes through: web.yaml's, the one it patches to first, and the one it stages. */
export const images = {
  first: 'registry.k8s.io/nginx-slim:0.8',
  patched: 'gcr.io/google_containers/nginx-slim:0.8',
  staged: 'registry.k8s.io/nginx-slim:0.7',
} as const;
