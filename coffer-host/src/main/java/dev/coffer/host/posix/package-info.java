/** The calls of a Linux kernel that the JDK does not offer: entries by folder handle and by bytes, extended attributes, holes, nodes. */
@NullMarked
package dev.coffer.host.posix;

import org.jspecify.annotations.NullMarked;
