"""C2PA manifests: read by the official SDK, with the certificates read and judged a second time by ourselves."""
