package dev.coffer.repository.manifest;

import dev.coffer.core.repository.Manifest;
import dev.coffer.repository.tree.TreeRoot;

/** What the manifest blob of a recovery point holds. */
public record PointManifest(Manifest manifest, TreeRoot tree) {}
