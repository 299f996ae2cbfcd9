"""Background work of the installation itself."""
