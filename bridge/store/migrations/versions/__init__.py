"""The revisions: once released, a file here is never changed again."""
