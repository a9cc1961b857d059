/**
 * The EFS door on a host: a directory tree, or a mounted NFS export, stands for the file system.
 *
 * <p>What an item keeps is in {@link dev.coffer.host.efs.FileAttributes}. Capture is {@link dev.coffer.host.efs.TreeCapture}, restore is {@link dev.coffer.host.efs.TreeRestore}; both hold folders open in
 * {@link dev.coffer.host.efs.Folders} and name everything else by an open folder and one name.
 */
@NullMarked
package dev.coffer.host.efs;

import org.jspecify.annotations.NullMarked;
