package dev.coffer.core.store;

/** A finished blob and its size in bytes. */
public record BlobInfo(BlobKey key, long size) {}
